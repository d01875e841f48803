// Okabe and Ito 2008, "Color Universal Design": told apart by colour-blind eyes.

/** Of voxels that are something only in the shown segmentation, only in the compared one, and another thing in each. */
export const differenceColours = ['#56b4e9', '#d55e00', '#f0e442'] as const;
