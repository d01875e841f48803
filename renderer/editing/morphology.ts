import { squaredDistance } from '../../ml/volume/distanceTransform.ts';
import type { Vector3 } from '../../ml/volume/grid.ts';

// By exact distances between voxel centres, so that it is round on voxels of any shape. The edge of the box is no border: what is
// beyond it is taken to be like what is before it.

/** A mask `[k, j, i]`, 1 inside, on voxels of a size. */
export interface Mask {
  readonly shape: Vector3;
  readonly spacing: Vector3;
  readonly data: Uint8Array;
}

/** All within a distance of what is inside. */
export function dilate(mask: Mask, distance: number): Mask {
  // Rounding must not decide whether a voxel exactly at the distance belongs.
  const limit = distance ** 2 * (1 + 1e-12);
  const squared = squaredDistance(mask.data, mask.shape, mask.spacing);
  const data = new Uint8Array(squared.length);
  for (let voxel = 0; voxel < data.length; voxel++) data[voxel] = squared[voxel]! <= limit ? 1 : 0;
  return { ...mask, data };
}

/** What is inside and farther than a distance from all that is not. */
export const erode = (mask: Mask, distance: number): Mask => invert(dilate(invert(mask), distance));

const invert = (mask: Mask): Mask => ({ ...mask, data: mask.data.map((inside) => 1 - inside) });

/** Closes gaps, then takes off spurs, that are narrower than twice a distance. */
export function closeAndOpen(mask: Mask, distance: number): Mask {
  // Room beyond the box, so that what is dilated up to its edge is eroded there again.
  const room = (axis: 0 | 1 | 2) => Math.ceil(distance / mask.spacing[axis]);
  const [i, j, k] = [room(0), room(1), room(2)];
  const closed = erode(dilate(extend(mask, [i, j, k]), distance), distance);
  return extend(dilate(erode(closed, distance), distance), [-i, -j, -k]);
}

/** So many voxels more at both ends of each axis, like those at the edge; fewer where `by` is negative. */
function extend({ shape, spacing, data }: Mask, by: Vector3): Mask {
  const [width, height, depth] = shape;
  const wide: Vector3 = [width + 2 * by[0], height + 2 * by[1], depth + 2 * by[2]];
  const extended = new Uint8Array(wide[0] * wide[1] * wide[2]);
  const clamp = (index: number, size: number) => Math.min(Math.max(index, 0), size - 1);
  let to = 0;
  for (let k = -by[2]; k < depth + by[2]; k++) {
    for (let j = -by[1]; j < height + by[1]; j++) {
      const row = (clamp(k, depth) * height + clamp(j, height)) * width;
      for (let i = -by[0]; i < width + by[0]; i++) extended[to++] = data[row + clamp(i, width)]!;
    }
  }
  return { shape: wide, spacing, data: extended };
}
