/** What a mask can be exported as, the most common first; `main/imaging/write.ts` writes each by its extension. */
export const exportFormats = [
  { extension: '.nii.gz', name: 'NIfTI, compressed' },
  { extension: '.nii', name: 'NIfTI' },
  { extension: '.seg.nrrd', name: 'NRRD with names and colours (3D Slicer)' },
  { extension: '.nrrd', name: 'NRRD' },
  { extension: '.mha', name: 'MetaImage' },
  { extension: '.stl', name: 'Surface, STL' },
  { extension: '.obj', name: 'Surface, OBJ' },
  { extension: '.ply', name: 'Surface, PLY' },
  { extension: '.glb', name: 'Surface, glTF binary' },
] as const;
