import type { Grid, Vector3 } from './grid.ts';
import { indexMap } from './indexMap.ts';

/** Where the voxels of one grid are voxels of another: index = `start` + i `steps[0]` + j `steps[1]` + k `steps[2]`, whole numbers. */
export interface VoxelMap {
  readonly start: Vector3;
  readonly steps: readonly [Vector3, Vector3, Vector3];
}

/** In voxels, as `gridDifference`. */
const tolerance = 0.1;

/**
 * How the voxels of `part` lie on those of `whole`, where they are the same voxels: a part of them, or in another order of axes. `undefined`
 * where they are others.
 */
export function voxelMap(part: Grid, whole: Grid): VoxelMap | undefined {
  if (part.unit !== whole.unit) return undefined;
  const exact = indexMap(part, whole);
  const start = rounded(exact.start);
  // Along an axis of one voxel there is no step to take, and its length may be anything.
  const step = (axis: 0 | 1 | 2) => (part.shape[axis] === 1 ? ([0, 0, 0] as const) : rounded(exact.steps[axis]));
  const steps = [step(0), step(1), step(2)] as const;
  const isUnit = steps.every(
    (vector, axis) => part.shape[axis] === 1 || vector.reduce((sum, one) => sum + Math.abs(one), 0) === 1,
  );
  const axesUsed = steps.flatMap((vector) => vector.flatMap((one, axis) => (one === 0 ? [] : [axis])));
  if (!isUnit || new Set(axesUsed).size < axesUsed.length) return undefined;
  const ends = part.shape.map((size) => size - 1) as [number, number, number];
  const isNear = [0, 1, 2, 3, 4, 5, 6, 7].every((corner) => {
    const index = ends.map((end, axis) => ((corner >> axis) & 1) * end);
    return start.every((from, axis) => {
      const off = index.reduce(
        (sum, at, n) => sum + at * ((exact.steps[n]?.[axis] ?? 0) - (steps[n]?.[axis] ?? 0)),
        (exact.start[axis] ?? NaN) - from,
      );
      return Math.abs(off) <= tolerance;
    });
  });
  return isNear ? { start, steps } : undefined;
}

const rounded = ([x, y, z]: Vector3): Vector3 => [Math.round(x) + 0, Math.round(y) + 0, Math.round(z) + 0];

/** For each voxel of `part` its linear index in `whole`, or -1 where it lies beyond. Row by row: `visit(index in part, index in whole)`. */
export function eachVoxel(
  { start, steps }: VoxelMap,
  part: Grid,
  whole: Grid,
  visit: (from: number, to: number) => void,
): void {
  const [ni, nj, nk] = part.shape;
  const [wi, wj, wk] = whole.shape;
  let from = 0;
  for (let k = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      for (let i = 0; i < ni; i++) {
        const x = start[0] + i * steps[0][0] + j * steps[1][0] + k * steps[2][0];
        const y = start[1] + i * steps[0][1] + j * steps[1][1] + k * steps[2][1];
        const z = start[2] + i * steps[0][2] + j * steps[1][2] + k * steps[2][2];
        const isWithin = x >= 0 && x < wi && y >= 0 && y < wj && z >= 0 && z < wk;
        visit(from++, isWithin ? (z * wj + y) * wi + x : -1);
      }
    }
  }
}
