import type { RasAffine } from '../../ml/volume/affine.ts';
import { gridFromRas } from '../../ml/volume/affine.ts';
import type { Grid, Vector3 } from '../../ml/volume/grid.ts';
import { determinant, fromColumns, length } from '../../ml/volume/matrix.ts';

/** Above this share of a voxel side a wrong position is worth a warning. */
const noticeable = 0.1;

/**
 * The grid whose axes step by the given LPS vectors (mm). Axes that are not at right angles are replaced by the nearest that
 * are, with a warning; where they span no volume the grid is `undefined`.
 */
export function fitGrid(
  steps: readonly [Vector3, Vector3, Vector3],
  origin: Vector3,
  shape: Vector3,
  warnings: string[],
): Grid | undefined {
  const [a, b, c, d, e, f, g, h, i] = fromColumns(...steps);
  const [x, y, z] = origin;
  const ras: RasAffine = [0 - a, 0 - b, 0 - c, 0 - x, 0 - d, 0 - e, 0 - f, 0 - y, g, h, i, z];
  const fitted = gridFromRas(ras, shape);
  if (fitted === undefined) return undefined;
  const { grid, displacement } = fitted;
  if (displacement > noticeable * Math.min(...grid.spacing)) {
    const moved = displacement.toPrecision(3);
    warnings.push(
      `The axes are not at right angles; the nearest that are were taken, which moves voxels by up to ${moved} mm.`,
    );
  }
  return exact(grid, steps);
}

/** Where the axes were at right angles but for rounding, their own numbers are kept. */
function exact(grid: Grid, steps: readonly [Vector3, Vector3, Vector3]): Grid {
  const unit = ([x, y, z]: Vector3, side: number): Vector3 => [x / side, y / side, z / side];
  const sides = steps.map(length);
  const direction = fromColumns(unit(steps[0], sides[0]!), unit(steps[1], sides[1]!), unit(steps[2], sides[2]!));
  const isNear = direction.every((value, n) => Math.abs(value - grid.direction[n]!) < 1e-12);
  return isNear && Math.abs(determinant(direction)) > 0 ? { ...grid, direction } : grid;
}

/** A third axis for a picture: at right angles to its two, which have to differ in direction. */
export function normalOf([ax, ay, az]: Vector3, [bx, by, bz]: Vector3): Vector3 {
  const cross: Vector3 = [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx];
  const size = length(cross);
  return [cross[0] / size, cross[1] / size, cross[2] / size];
}
