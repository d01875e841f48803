import fc from 'fast-check';
import type { Grid } from '../../../ml/volume/grid.ts';
import { voxelCount } from '../../../ml/volume/grid.ts';
import type { VoxelArray } from '../../../ml/volume/volume.ts';
import type { Image } from '../../../main/imaging/reader.ts';
import { grids } from '../../ml/volume/grids.ts';

const arrays = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;

export type TypeName = keyof typeof arrays;

/** Values that differ everywhere, so that no flip, shift or exchange of axes can hide. */
function values(type: TypeName, length: number): VoxelArray {
  const data = new arrays[type](length);
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
    type: fc.constantFrom(...(Object.keys(arrays) as TypeName[])),
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
