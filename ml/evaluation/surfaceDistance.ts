import { squaredDistance } from '../volume/distanceTransform.ts';
import type { MaskPair } from './maskPair.ts';
import { quantile } from '../statistics/quantile.ts';

/** In the unit of the grid's spacing. */
export interface SurfaceDistances {
  /** The larger of the two directed 95th percentiles. */
  readonly hausdorff95: number;
  /** Mean over the surface voxels of both masks together. */
  readonly average: number;
}

/**
 * Distances between the surfaces of two masks as MONAI 1.6.1 defines them: `compute_hausdorff_distance(percentile=95,
 * directed=False)` and `compute_average_surface_distance(symmetric=True)`, both `euclidean` with `spacing`.
 *
 * A surface voxel is a voxel of the mask with a neighbour by a face (an edge, in 2-D) outside the mask; outside the image counts as
 * outside. Distances run from the centre of a surface voxel to the nearest centre of a surface voxel of the other mask.
 *
 * @returns undefined where one mask is empty: there is no distance to nothing.
 */
export function surfaceDistances(pair: MaskPair): SurfaceDistances | undefined {
  const predicted = surfaceVoxels(pair.prediction, pair);
  const actual = surfaceVoxels(pair.reference, pair);
  const forth = distancesFrom(predicted, actual, pair);
  const back = distancesFrom(actual, predicted, pair);
  if (forth.length === 0 || back.length === 0) return undefined;
  const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
  return {
    hausdorff95: Math.max(quantile(forth, 0.95), quantile(back, 0.95)),
    average: (sum(forth) + sum(back)) / (forth.length + back.length),
  };
}

function surfaceVoxels(mask: Uint8Array, { shape: [width, height, depth], dimensions }: MaskPair): Uint8Array {
  const surface = new Uint8Array(mask.length);
  const plane = width * height;
  let v = 0;
  for (let k = 0; k < depth; k++) {
    const openInDepth = dimensions === 3 && (k === 0 || k === depth - 1);
    for (let j = 0; j < height; j++) {
      const open = openInDepth || j === 0 || j === height - 1;
      for (let i = 0; i < width; i++, v++) {
        if (mask[v] === 0) continue;
        const within =
          !open && i > 0 && i < width - 1 && (mask[v - 1]! & mask[v + 1]! & mask[v - width]! & mask[v + width]!) === 1;
        const withinDepth = dimensions === 2 || (within && (mask[v - plane]! & mask[v + plane]!) === 1);
        surface[v] = within && withinDepth ? 0 : 1;
      }
    }
  }
  return surface;
}

/** Sorted distances from each voxel of `from` to the nearest of `to`. */
function distancesFrom(from: Uint8Array, to: Uint8Array, { shape, spacing }: MaskPair): Float64Array {
  const squared = squaredDistance(to, shape, spacing);
  const distances = new Float64Array(from.reduce((count, voxel) => count + voxel, 0));
  let next = 0;
  for (let v = 0; v < from.length; v++) if (from[v] === 1) distances[next++] = Math.sqrt(squared[v]!);
  return distances.sort();
}
