import { invariant } from '../check/invariant.ts';
import type { Vector3 } from './grid.ts';

/** Steps (i, j, k) from a voxel to those it is connected with. */
export type Neighbourhood = readonly Vector3[];

const steps: Neighbourhood = [-1, 0, 1].flatMap((k) =>
  [-1, 0, 1].flatMap((j) => [-1, 0, 1].map((i) => [i, j, k] as const)),
);

const reach = (step: Vector3) => Math.abs(step[0]) + Math.abs(step[1]) + Math.abs(step[2]);

/** By faces: 6 neighbours. */
export const byFaces: Neighbourhood = steps.filter((step) => reach(step) === 1);

/** By faces, edges and corners: 26 neighbours. */
export const byCorners: Neighbourhood = steps.filter((step) => reach(step) > 0);

/** The same in each slice across an axis alone: 4 or 8 neighbours. */
export const withinSlices = (neighbourhood: Neighbourhood, axis: 0 | 1 | 2): Neighbourhood =>
  neighbourhood.filter((step) => step[axis] === 0);

/**
 * The connected parts of a mask, in the order of their first voxels.
 *
 * @param mask Uint8Array [k, j, i], 1 inside.
 * @returns    Offsets of the voxels of each part, the first voxel first.
 */
export function connectedParts(mask: Uint8Array, shape: Vector3, neighbourhood: Neighbourhood): Uint32Array[] {
  const [width, height, depth] = shape;
  invariant(mask.length === width * height * depth, 'a mask has the shape it is said to have');
  const left = mask.slice();
  const voxels = new Uint32Array(mask.reduce((sum, inside) => sum + inside, 0));
  const moves = neighbourhood.map(([i, j, k]) => ({ i, j, k, by: (k * height + j) * width + i }));
  const parts: Uint32Array[] = [];
  let found = 0;
  for (let start = 0; start < left.length; start++) {
    if (left[start] === 0) continue;
    const first = found;
    left[start] = 0;
    voxels[found++] = start;
    for (let next = first; next < found; next++) {
      const voxel = voxels[next]!;
      const [i, row] = [voxel % width, Math.floor(voxel / width)];
      const [j, k] = [row % height, Math.floor(row / height)];
      for (const move of moves) {
        if (left[voxel + move.by] !== 1 || i + move.i < 0 || i + move.i >= width) continue;
        if (j + move.j < 0 || j + move.j >= height || k + move.k < 0 || k + move.k >= depth) continue;
        left[voxel + move.by] = 0;
        voxels[found++] = voxel + move.by;
      }
    }
    parts.push(voxels.subarray(first, found));
  }
  return parts;
}
