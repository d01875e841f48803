import type { Grid } from './grid.ts';

export type VoxelArray =
  Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

/**
 * Voxels on a grid. `data` has `channels * k * j * i` values, i fastest, channels (time points, sequences, classes) slowest:
 * the same bytes as a tensor `[channels, k, j, i]`.
 */
export interface Volume<Data extends VoxelArray = VoxelArray> {
  readonly grid: Grid;
  readonly channels: number;
  readonly data: Data;
}
