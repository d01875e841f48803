/** What a mask can be exported as, the most common first; `main/imaging/write.ts` writes each by its extension. */
const plainFormats = [
  { extension: '.nii.gz', name: 'NIfTI, compressed', dicom: null },
  { extension: '.nii', name: 'NIfTI', dicom: null },
  { extension: '.seg.nrrd', name: 'NRRD with names and colours (3D Slicer)', dicom: null },
  { extension: '.nrrd', name: 'NRRD', dicom: null },
  { extension: '.mha', name: 'MetaImage', dicom: null },
  { extension: '.stl', name: 'Surface, STL', dicom: null },
  { extension: '.obj', name: 'Surface, OBJ', dicom: null },
  { extension: '.ply', name: 'Surface, PLY', dicom: null },
  { extension: '.glb', name: 'Surface, glTF binary', dicom: null },
] as const;

/** They refer to the series that was segmented. */
const dicomFormats = [
  { extension: '.dcm', name: 'DICOM SEG', dicom: 'seg' },
  { extension: '.dcm', name: 'DICOM RTSTRUCT (contours)', dicom: 'rtstruct' },
] as const;

/** @param source Format of the image that was segmented. */
export const exportFormats = (source: string) =>
  source === 'dicom' ? [...plainFormats, ...dicomFormats] : [...plainFormats];
