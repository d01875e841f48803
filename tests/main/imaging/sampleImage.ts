import fc from 'fast-check';
import type { Grid } from '../../../ml/volume/grid.ts';
import { voxelCount } from '../../../ml/volume/grid.ts';
import type { VoxelArray } from '../../../ml/volume/volume.ts';
import { numberTypes } from '../../../main/imaging/decodeNumbers.ts';
import type { Image } from '../../../main/imaging/reader.ts';
import { grids } from '../../ml/volume/grids.ts';

/** The types that images are written in. */
const types = ['uint8', 'int8', 'uint16', 'int16', 'uint32', 'int32', 'float32', 'float64'] as const;

export type TypeName = (typeof types)[number];

/** Values that differ everywhere, so that no flip, shift or exchange of axes can hide. */
function values(type: TypeName, length: number): VoxelArray {
  const data = new numberTypes[type].array(length);
  for (let n = 0; n < length; n++) data[n] = type.startsWith('float') ? n * 1.37 - 11 : (n * 37) % 251;
  return data;
}

export function imageOn(grid: Grid, type: TypeName = 'int16', components = 1, frames = 1): Image {
  const channels = components * frames;
  return {
    path: 'made up',
    format: 'nrrd',
    volume: { grid, channels, data: values(type, voxelCount(grid) * channels) },
    components,
    unit: null,
    lossy: false,
    files: [],
    description: '',
    modality: undefined,
    geometry: undefined,
    warnings: [],
  };
}

/** Of any geometry, type, number of components and frames. */
export const images: fc.Arbitrary<Image> = fc
  .record({
    grid: grids(5),
    type: fc.constantFrom(...types),
    components: fc.constantFrom(1, 1, 2, 3, 4),
    frames: fc.constantFrom(1, 1, 2, 3),
  })
  .map(({ grid, type, components, frames }) => imageOn(grid, type, components, frames));

export const straight: Grid = {
  shape: [5, 4, 3],
  spacing: [1, 2, 3],
  unit: 'mm',
  origin: [5, -6, 7],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};
