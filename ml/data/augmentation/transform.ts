import type { Rng } from '../../random/rng.ts';
import type { Matrix3, Vector3 } from '../../volume/grid.ts';
import { multiply, rotation } from '../../volume/matrix.ts';
import { ANISOTROPY } from '../plan/chooseSpacing.ts';
import type { Augmentation } from './settings.ts';

/**
 * Where a voxel of the patch comes from: `source = matrix (p - centre of the patch) + centre of its place in the volume + shift`,
 * everything in voxels and in the order k, j, i.
 */
export interface Transform {
  readonly matrix: Matrix3;
  readonly shift: Vector3;
}

const identity: Matrix3 = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/**
 * Draws rotation, zoom, shear, shift and mirroring, composed so that one interpolation does them all.
 *
 * @param spacing Along [k, j, i]: shapes turn in millimetres, not in voxels.
 * @param patch [k, j, i]; 1 along k in two dimensions, where slices are turned in themselves.
 * @returns undefined where nothing changes.
 */
export function drawTransform(
  settings: Augmentation,
  spacing: Vector3,
  patch: Vector3,
  rng: Rng,
): Transform | undefined {
  const free = freeAxes(spacing, patch);
  const happens = (probability: number) => rng.uniform() < probability;
  const within = (bound: number) => (2 * rng.uniform() - 1) * bound;
  let matrix = identity;
  if (happens(settings.rotation.probability)) {
    const radians = () => within((settings.rotation.degrees * Math.PI) / 180);
    for (const about of [0, 1, 2] as const)
      if (canTurn(about, free)) matrix = multiply(matrix, rotation(about, radians()));
  }
  if (happens(settings.shear.probability)) {
    matrix = multiply(
      matrix,
      identity.map((value, n) => value || (isFree(n, free) ? within(settings.shear.fraction) : 0)),
    );
  }
  if (happens(settings.zoom.probability)) {
    const factor = 1 / (1 + within(settings.zoom.fraction));
    matrix = multiply(matrix, diagonal(free.map((isFreeAxis) => (isFreeAxis ? factor : 1))));
  }
  matrix = toVoxels(matrix, spacing);
  const mirrored = (['k', 'j', 'i'] as const).map((axis) => (settings.mirror.includes(axis) && happens(0.5) ? -1 : 1));
  matrix = multiply(matrix, diagonal(mirrored));
  const shifts = happens(settings.shift.probability);
  const along = (axis: 0 | 1 | 2) => (shifts && free[axis] ? within(settings.shift.fraction * patch[axis]) : 0);
  const shift: Vector3 = [along(0), along(1), along(2)];
  const isIdentity = matrix.every((value, n) => value === identity[n]) && shift.every((value) => value === 0);
  return isIdentity ? undefined : { matrix, shift };
}

/**
 * Axes that voxels may be moved along. Across a thick axis, interpolation would mix slices that lie far apart (nnU-Net's
 * "dummy two-dimensional" augmentation).
 */
function freeAxes(spacing: Vector3, patch: Vector3): readonly boolean[] {
  return spacing.map((own, axis) => {
    const others = spacing.filter((_, other) => other !== axis);
    return patch[axis] !== 1 && own <= ANISOTROPY * Math.max(...others);
  });
}

function canTurn(about: number, free: readonly boolean[]): boolean {
  return free.every((isFreeAxis, axis) => isFreeAxis || axis === about);
}

function isFree(entry: number, free: readonly boolean[]): boolean {
  return free[Math.floor(entry / 3)]! && free[entry % 3]!;
}

function diagonal([a, b, c]: readonly number[]): Matrix3 {
  return [a!, 0, 0, 0, b!, 0, 0, 0, c!];
}

/** From millimetres to voxels on both sides. */
function toVoxels(matrix: Matrix3, spacing: Vector3): Matrix3 {
  const scaled = matrix.map((value, n) => (value * spacing[n % 3]!) / spacing[Math.floor(n / 3)]!);
  return multiply(scaled, identity);
}
