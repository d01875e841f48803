/** Colours that people with the common forms of colour blindness can tell apart (Okabe and Ito 2008), background first. */
const palette = ['#000000', '#e69f00', '#56b4e9', '#009e73', '#f0e442', '#0072b2', '#d55e00', '#cc79a7'] as const;

/** The colour of a label that nobody gave one, by its place in the list of labels. */
export const colourOfPlace = (place: number): string => palette[place % palette.length]!;
