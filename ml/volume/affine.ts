import type { Grid, Matrix3, Vector3 } from './grid.ts';
import { largestDisplacement } from './difference.ts';
import { column, determinant, fromColumns, length, nearestOrthonormal } from './matrix.ts';

/**
 * The upper three rows, row-major, of the 4x4 matrix that takes (i, j, k, 1) to RAS millimetres (+x right, +y anterior,
 * +z superior): NIfTI's srow_x, srow_y, srow_z.
 */
export type RasAffine = readonly [
  number, number, number, number,
  number, number, number, number,
  number, number, number, number,
]; // prettier-ignore

/** A grid made from an affine that may have been sheared. */
export interface FittedGrid {
  readonly grid: Grid;
  /** How far the grid puts the worst corner from where the affine says, mm; rounding only, where the affine has no shear. */
  readonly displacement: number;
}

/**
 * The grid of an affine. A grid has orthonormal axes; where the affine's are not (shear, gantry tilt, rounding), the nearest
 * orthonormal ones are taken, spacing (column lengths) and origin being kept, as ITK does when told to be permissive.
 *
 * @returns `undefined` where the affine is singular or not finite.
 */
export function gridFromRas(affine: RasAffine, shape: Vector3): FittedGrid | undefined {
  const [a, b, c, x, d, e, f, y, g, h, i, z] = affine;
  // LPS is RAS turned by half a circle about z. `0 -` and not `-`, which would make -0 of 0.
  const lps: Matrix3 = [0 - a, 0 - b, 0 - c, 0 - d, 0 - e, 0 - f, g, h, i];
  const spacing: Vector3 = [length(column(lps, 0)), length(column(lps, 1)), length(column(lps, 2))];
  const axes = divideColumns(lps, spacing);
  if (![...affine, 1 / determinant(axes)].every(Number.isFinite) || Math.abs(determinant(axes)) < 1e-6)
    return undefined;
  const origin: Vector3 = [0 - x, 0 - y, z];
  const grid: Grid = { shape, spacing, unit: 'mm', origin, direction: nearestOrthonormal(axes) };
  return { grid, displacement: largestDisplacement(grid, { ...grid, direction: axes }) };
}

export function rasFromGrid({ spacing, origin, direction: d }: Grid): RasAffine {
  const [s, t, u] = spacing;
  return [
    0 - d[0] * s, 0 - d[1] * t, 0 - d[2] * u, 0 - origin[0],
    0 - d[3] * s, 0 - d[4] * t, 0 - d[5] * u, 0 - origin[1],
    d[6] * s, d[7] * t, d[8] * u, origin[2],
  ]; // prettier-ignore
}

function divideColumns(m: Matrix3, [s, t, u]: Vector3): Matrix3 {
  const [a, b, c] = [column(m, 0), column(m, 1), column(m, 2)];
  return fromColumns([a[0] / s, a[1] / s, a[2] / s], [b[0] / t, b[1] / t, b[2] / t], [c[0] / u, c[1] / u, c[2] / u]);
}
