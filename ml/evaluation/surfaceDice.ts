import type { Vector3 } from '../volume/grid.ts';
import { squaredDistance } from '../volume/distanceTransform.ts';
import type { MaskPair } from './maskPair.ts';
import { surfaceElements } from './surfaceElements.ts';

/**
 * Normalised surface Dice: the part of both surfaces, by area, that lies within a tolerance of the other surface (Nikolov et al.
 * 2021). Follows google-deepmind/surface-distance 0.1 (PyPI `Surface-Distance-Based-Measures` 0.1), `compute_surface_distances` and
 * `compute_surface_dice_at_tolerance` on arrays indexed `[i, j, k]`: surface elements sit on the corners between voxels.
 *
 * @param tolerance In the unit of the grid's spacing, >= 0.
 * @returns In [0, 1]; 0 where one mask is empty.
 */
export function surfaceDice(pair: MaskPair, tolerance: number): number {
  const shape: Vector3 = [pair.shape[0] + 1, pair.shape[1] + 1, pair.dimensions === 3 ? pair.shape[2] + 1 : 1];
  const areas = surfaceElements(pair.spacing, pair.dimensions);
  const predicted = cornerCodes(pair.prediction, pair, shape);
  const actual = cornerCodes(pair.reference, pair, shape);
  const forth = areaWithin(predicted, actual, areas, shape, pair.spacing, tolerance);
  const back = areaWithin(actual, predicted, areas, shape, pair.spacing, tolerance);
  return (forth.within + back.within) / (forth.total + back.total);
}

/**
 * Which of the voxels around each corner belong to the mask, as bits: 7 - 4a - 2b - c for the voxel at offset (a, b, c) along
 * i, j, k from the corner's lowest voxel in 3-D, 3 - 2a - b in 2-D.
 */
function cornerCodes(mask: Uint8Array, pair: MaskPair, shape: Vector3): Uint8Array {
  const codes = new Uint8Array(shape[0] * shape[1] * shape[2]);
  const [width, height, depth] = pair.shape;
  const offsets = cornerOffsets(pair.dimensions, shape);
  let v = 0;
  for (let k = 0; k < depth; k++) {
    for (let j = 0; j < height; j++) {
      let corner = (k * shape[1] + j) * shape[0];
      for (let i = 0; i < width; i++, v++, corner++) {
        if (mask[v] === 0) continue;
        for (let bit = 0; bit < offsets.length; bit++) codes[corner + offsets[bit]!]! |= 1 << bit;
      }
    }
  }
  return codes;
}

/** Where, from a voxel's lowest corner, the corner lies in whose code the voxel is bit 0, 1, 2, ... */
function cornerOffsets(dimensions: 2 | 3, shape: Vector3): number[] {
  const strides = [1, shape[0], shape[0] * shape[1]] as const;
  return Array.from({ length: 1 << dimensions }, (_, bit) => {
    const along = (axis: 0 | 1 | 2) => ((bit >> (dimensions - 1 - axis)) & 1) * strides[axis];
    return along(0) + along(1) + (dimensions === 3 ? along(2) : 0);
  });
}

function areaWithin(
  from: Uint8Array,
  to: Uint8Array,
  areas: Float64Array,
  shape: Vector3,
  spacing: Vector3,
  tolerance: number,
): { within: number; total: number } {
  const isSurface = new Uint8Array(to.length);
  for (let corner = 0; corner < to.length; corner++) isSurface[corner] = areas[to[corner]!]! > 0 ? 1 : 0;
  const squared = squaredDistance(isSurface, shape, spacing);
  // Rounding must not decide whether a surface exactly at the tolerance counts.
  const limit = tolerance * tolerance * (1 + 1e-12);
  let within = 0;
  let total = 0;
  for (let corner = 0; corner < from.length; corner++) {
    const area = areas[from[corner]!]!;
    total += area;
    if (squared[corner]! <= limit) within += area;
  }
  return { within, total };
}
