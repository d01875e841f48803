import { boxAround, eachRow } from '../volume/box.ts';
import { squaredDistance } from '../volume/distanceTransform.ts';
import type { Grid } from '../volume/grid.ts';
import type { VoxelArray } from '../volume/volume.ts';

/** How far a region reaches: 5 mm, or 10 voxels where the file knows no size. */
const reach = { mm: 5, voxel: 10 } as const;

/**
 * The foreground and all within 5 mm (10 voxels) of it. Calibration and error detection are measured here: farther out every
 * model is right and sure, which says nothing. Use the reference mask, so that two models are measured on the same voxels.
 *
 * @param labels Integer labels `[k, j, i]` on `grid`; 0 is background.
 * @returns      Uint8Array [k, j, i], 1 inside; all 0 without foreground.
 */
export function dilatedForeground(labels: VoxelArray, grid: Grid): Uint8Array {
  const foreground = Uint8Array.from(labels, (label) => (label === 0 ? 0 : 1));
  return within(foreground, grid);
}

/**
 * All within 5 mm (10 voxels) of a boundary: of a voxel that has a neighbour by a face with another label. The edge of the image is
 * not a boundary.
 *
 * @param labels Integer labels `[k, j, i]` on `grid`.
 * @returns      Uint8Array [k, j, i], 1 inside; all 0 where there is one label only.
 */
export function boundaryBand(labels: VoxelArray, grid: Grid): Uint8Array {
  const [width, height, depth] = grid.shape;
  const boundary = new Uint8Array(labels.length);
  const mark = (v: number, neighbour: number) => {
    if (labels[v] === labels[neighbour]) return;
    boundary[v] = 1;
    boundary[neighbour] = 1;
  };
  let v = 0;
  for (let k = 0; k < depth; k++) {
    for (let j = 0; j < height; j++) {
      for (let i = 0; i < width; i++, v++) {
        if (i > 0) mark(v, v - 1);
        if (j > 0) mark(v, v - width);
        if (k > 0) mark(v, v - width * height);
      }
    }
  }
  return within(boundary, grid);
}

function within(sources: Uint8Array, grid: Grid): Uint8Array {
  const { shape, spacing, unit } = grid;
  const near = new Uint8Array(sources.length);
  const margin = (axis: 0 | 1 | 2) => Math.ceil(reach[unit] / spacing[axis]);
  const box = boxAround(sources, shape, 1, [margin(0), margin(1), margin(2)]);
  if (box === undefined) return near;
  // Only the box is worked on: distances take eight bytes a voxel, and a scan has a hundred million.
  const cropped = new Uint8Array(box.shape[0] * box.shape[1] * box.shape[2]);
  eachRow(box, shape, (row, at) => {
    cropped.set(sources.subarray(row, row + box.shape[0]), at);
  });
  const squared = squaredDistance(cropped, box.shape, spacing);
  // Rounding must not decide whether a voxel exactly at the reach belongs.
  const limit = reach[unit] ** 2 * (1 + 1e-12);
  eachRow(box, shape, (row, at) => {
    for (let i = 0; i < box.shape[0]; i++) near[row + i] = squared[at + i]! <= limit ? 1 : 0;
  });
  return near;
}
