import type { Image } from '../reader.ts';
import type { ImageWriter } from '../writer.ts';
import { writeNifti } from './write.ts';

export const niftiWriter: ImageWriter = {
  formats: 'NIfTI (.nii, .nii.gz)',
  handles: (path) => /\.nii(\.gz)?$/i.test(path),
  refuses: () => undefined,
  loses: ({ volume: { grid }, segments, unit }: Image) => [
    ...(grid.unit === 'voxel' ? ['NIfTI cannot say that voxel sides are unknown: 1 is written, in no unit.'] : []),
    ...(segments === undefined ? [] : ['NIfTI does not hold the names and colours of structures; .seg.nrrd does.']),
    ...(unit === null ? [] : [`NIfTI does not say that values are in ${unit}.`]),
  ],
  write: (path, { volume, components, geometry }, { existing }) =>
    writeNifti(path, volume, { components, geometry, existing }),
};
