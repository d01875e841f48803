import type { Vector3 } from './grid.ts';
import type { VoxelArray } from './volume.ts';

/** Part of a volume, so that work is as large as what it is about and not as the scan. */
export interface Box {
  /** Index of its first voxel. */
  readonly from: Vector3;
  /** Number of voxels along i, j, k. */
  readonly shape: Vector3;
}

/**
 * All voxels of a value and so many around them along each axis, within the volume; `undefined` where there is none.
 *
 * @param data `[k, j, i]` of `shape`.
 */
export function boxAround(data: VoxelArray, shape: Vector3, value: number, margin: Vector3): Box | undefined {
  const low: [number, number, number] = [Infinity, Infinity, Infinity];
  const high: [number, number, number] = [-1, -1, -1];
  for (let row = 0, start = 0; start < data.length; row++, start += shape[0]) {
    // Searching a row is what typed arrays do fastest.
    const line = data.subarray(start, start + shape[0]);
    const first = line.indexOf(value);
    if (first < 0) continue;
    const [j, k] = [row % shape[1], Math.floor(row / shape[1])];
    for (const [axis, index] of [first, j, k].entries()) low[axis] = Math.min(low[axis]!, index);
    for (const [axis, index] of [line.lastIndexOf(value), j, k].entries()) high[axis] = Math.max(high[axis]!, index);
  }
  if (high[0] < 0) return undefined;
  const from = (axis: 0 | 1 | 2) => Math.max(0, low[axis] - margin[axis]);
  const size = (axis: 0 | 1 | 2) => Math.min(shape[axis], high[axis] + margin[axis] + 1) - from(axis);
  return { from: [from(0), from(1), from(2)], shape: [size(0), size(1), size(2)] };
}

/** Visits the rows of a box in a volume of `shape`. @param visit Gets the offset of a row's first voxel in the volume, and in the box. */
export function eachRow(box: Box, shape: Vector3, visit: (inVolume: number, inBox: number) => void): void {
  const { from } = box;
  const [width, height, depth] = box.shape;
  let inBox = 0;
  for (let k = from[2]; k < from[2] + depth; k++) {
    for (let j = from[1]; j < from[1] + height; j++, inBox += width)
      visit((k * shape[1] + j) * shape[0] + from[0], inBox);
  }
}
