import { invariant } from '../check/invariant.ts';
import type { Rng } from '../random/rng.ts';
import type { Vector3 } from '../volume/grid.ts';

/**
 * Where a patch begins. An axis shorter than the patch is centred in it, the rest being padding; along the others the patch stays inside.
 *
 * @param shape Of the volume, [k, j, i].
 * @param patch [k, j, i].
 * @param centre The voxel [k, j, i] the patch shall be centred on as nearly as the edges allow; anywhere alike where undefined.
 * @returns [k, j, i]; negative along an axis that is padded.
 */
export function choosePatchStart(shape: Vector3, patch: Vector3, centre: Vector3 | undefined, rng: Rng): Vector3 {
  const along = (axis: 0 | 1 | 2) => {
    const spare = shape[axis] - patch[axis];
    if (spare <= 0) return Math.floor(spare / 2);
    if (!centre) return rng.integer(spare + 1);
    return Math.min(Math.max(centre[axis] - Math.floor(patch[axis] / 2), 0), spare);
  };
  return [along(0), along(1), along(2)];
}

/**
 * Draws a foreground voxel: first a class, alike among those present, then one of its voxels, so that small structures are seen
 * as often as large ones.
 *
 * @param locations Sampled voxels of each class as linear indices into `shape` [k, j, i].
 * @returns [k, j, i], or undefined where there is no foreground.
 */
export function chooseForegroundVoxel(
  shape: Vector3,
  locations: readonly Uint32Array[],
  rng: Rng,
): Vector3 | undefined {
  const present = locations.filter(({ length }) => length > 0);
  if (present.length === 0) return undefined;
  const voxels = present[rng.integer(present.length)];
  invariant(voxels, 'a class drawn among the present ones has voxels');
  const index = voxels[rng.integer(voxels.length)]!;
  const [, nj, ni] = shape;
  return [Math.floor(index / (nj * ni)), Math.floor(index / ni) % nj, index % ni];
}
