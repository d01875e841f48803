import { emptyRow, fillRow, type SampleRow } from '../../ml/volume/sampleRow.ts';
import type { Grid, Vector3 } from '../../ml/volume/grid.ts';
import { type IndexMap, indexMap } from '../../ml/volume/indexMap.ts';
import { linearRow, nearestRow } from '../../ml/volume/interpolate.ts';
import type { Volume, VoxelArray } from '../../ml/volume/volume.ts';

/** How values between voxel centres come about. Labels are always `nearest`. */
export type Interpolation = 'nearest' | 'linear';

/** What `samplePlane` needs for rows of one length; made once a canvas. */
export type RowBuffer = SampleRow;
export const rowBuffer: (width: number) => RowBuffer = emptyRow;

/**
 * The values of one channel at the pixels of a slice. Where every pixel is a voxel they are copied, whatever the interpolation.
 *
 * @param target  One slice: shape [width, height, 1], in the world of the volume.
 * @param row     Of `width`.
 * @param out     [height, width].
 * @param outside Value of pixels beyond the volume.
 */
export function samplePlane(
  volume: Volume,
  channel: number,
  target: Grid,
  interpolation: Interpolation,
  row: RowBuffer,
  out: VoxelArray,
  outside: number,
): void {
  const map = indexMap(target, volume.grid);
  const [width, height] = target.shape;
  const first = channel * volume.grid.shape[0] * volume.grid.shape[1] * volume.grid.shape[2];
  const walk = voxelWalk(map, width, height, volume.grid);
  if (walk !== undefined) {
    copyPlane(volume.data, { ...walk, start: walk.start + first }, width, height, out);
    return;
  }
  const interpolate = interpolation === 'linear' ? linearRow : nearestRow;
  for (let y = 0; y < height; y++) {
    fillRow(row, map, volume.grid, y, 0);
    interpolate(volume.data, first, row, out, y * width, outside);
  }
}

/** Where a slice's pixels are in the voxels of a channel: pixel (x, y) at `start + x * right + y * down`. */
interface VoxelWalk {
  readonly start: number;
  readonly right: number;
  readonly down: number;
}

/** How far from a voxel's centre a pixel may lie, in voxels, to be that voxel: rounding of the grids' numbers. */
const rounding = 1e-3;

/** `undefined` where pixels lie between voxels or outside the volume. */
function voxelWalk({ start, steps }: IndexMap, width: number, height: number, { shape }: Grid): VoxelWalk | undefined {
  const farthest = (axis: 0 | 1 | 2) => start[axis] + (width - 1) * steps[0][axis] + (height - 1) * steps[1][axis];
  const isWhole = (value: number, size: number) => Math.abs(value - Math.round(value)) * size < rounding;
  for (const axis of [0, 1, 2] as const) {
    const [first, last] = [Math.round(start[axis]), Math.round(farthest(axis))];
    if (!isWhole(start[axis], 1) || !isWhole(steps[0][axis], width) || !isWhole(steps[1][axis], height))
      return undefined;
    if (Math.min(first, last) < 0 || Math.max(first, last) >= shape[axis]) return undefined;
  }
  const strides = [1, shape[0], shape[0] * shape[1]] as const;
  const offset = (v: Vector3) => v.reduce((sum, value, axis) => sum + Math.round(value) * strides[axis]!, 0);
  return { start: offset(start), right: offset(steps[0]), down: offset(steps[1]) };
}

function copyPlane(
  data: VoxelArray,
  { start, right, down }: VoxelWalk,
  width: number,
  height: number,
  out: VoxelArray,
) {
  for (let y = 0, at = 0; y < height; y++) {
    let from = start + y * down;
    if (right === 1) {
      out.set(data.subarray(from, from + width), at);
      at += width;
    } else for (let x = 0; x < width; x++, from += right) out[at++] = data[from]!;
  }
}
