import type { Vector3 } from '../volume/grid.ts';
import type { LabelArray } from '../volume/integerLabels.ts';

/** Voxel indices (i, j, k) in [from, to). */
export interface Box {
  readonly from: Vector3;
  readonly to: Vector3;
}

/** The voxels of one structure in its box, with a border of one empty voxel all around. */
export interface StructureMask {
  /** Of the box with its border. */
  readonly shape: Vector3;
  /** Voxel index of the first voxel within the border. */
  readonly from: Vector3;
  /** `[k, j, i]`, 1 inside. */
  readonly data: Uint8Array;
}

/** @param labels Labels `[k, j, i]` of `shape`. */
export function structureMask(labels: LabelArray, shape: Vector3, value: number, { from, to }: Box): StructureMask {
  const padded: Vector3 = [to[0] - from[0] + 2, to[1] - from[1] + 2, to[2] - from[2] + 2];
  const data = new Uint8Array(padded[0] * padded[1] * padded[2]);
  for (let k = from[2]; k < to[2]; k++) {
    for (let j = from[1]; j < to[1]; j++) {
      const source = (k * shape[1] + j) * shape[0];
      const target = ((k - from[2] + 1) * padded[1] + j - from[1] + 1) * padded[0] + 1 - from[0];
      for (let i = from[0]; i < to[0]; i++) if (labels[source + i] === value) data[target + i] = 1;
    }
  }
  return { shape: padded, from, data };
}

/** How many faces of voxels are between inside and outside. */
export function faceCount({ shape, data }: StructureMask): number {
  let count = 0;
  for (const stride of [1, shape[0], shape[0] * shape[1]])
    for (let v = stride; v < data.length; v++) if (data[v] !== data[v - stride]) count++;
  return count;
}
