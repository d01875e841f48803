import type { Grid, Vector3 } from './grid.ts';
import { distance } from './matrix.ts';
import { corners } from './space.ts';

/** Converters of one series differ by rounding; a tenth of a voxel is far below what moves a mask by a voxel. */
const toleranceInVoxels = 0.1;

/** How far apart the corners of two grids of one shape lie at most, in the grids' unit. */
export function largestDisplacement(a: Grid, b: Grid): number {
  const others = corners(b);
  return Math.max(...corners(a).map((corner, n) => distance(corner, others[n] ?? corner)));
}

/**
 * Says in words how two grids differ, or `undefined` where they put the same voxels at the same places: same shape, and
 * corresponding corners nearer than a tenth of the smallest voxel side. (Positions of corners weigh spacing, direction and
 * origin by what they do to voxels; matrix entries do not.)
 */
export function gridDifference(a: Grid, b: Grid): string | undefined {
  if (a.shape.some((size, axis) => size !== b.shape[axis])) return `shape ${triple(a.shape)} and ${triple(b.shape)}`;
  if (a.unit !== b.unit) return `unit ${a.unit} and ${b.unit}`;
  const smallest = Math.min(...a.spacing, ...b.spacing);
  const displacement = largestDisplacement(a, b);
  if (displacement <= toleranceInVoxels * smallest) return undefined;
  const parts: string[] = [];
  if (differ(a.spacing, b.spacing, 1e-4 * smallest)) {
    parts.push(`spacing ${triple(a.spacing)} and ${triple(b.spacing)} ${a.unit}`);
  }
  if (differ(a.origin, b.origin, 0.01 * smallest)) {
    parts.push(`origin (${a.origin.map(short).join(', ')}) and (${b.origin.map(short).join(', ')}) ${a.unit}`);
  }
  if (differ(a.direction, b.direction, 1e-4)) {
    parts.push(`direction [${a.direction.map(short).join(' ')}] and [${b.direction.map(short).join(' ')}]`);
  }
  return parts.length > 0 ? parts.join('; ') : `corners lie ${short(displacement)} ${a.unit} apart`;
}

export const sameGrid = (a: Grid, b: Grid) => gridDifference(a, b) === undefined;

const differ = (a: readonly number[], b: readonly number[], tolerance: number) =>
  a.some((value, n) => Math.abs(value - (b[n] ?? NaN)) > tolerance);
const short = (value: number) => String(Number(value.toPrecision(6)));
const triple = (values: Vector3) => values.map(short).join(' x ');
