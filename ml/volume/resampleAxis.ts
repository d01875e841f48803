import type { Vector3 } from './grid.ts';
import type { VoxelArray } from './volume.ts';

/**
 * Resamples `[channels, k, j, i]` along one axis with a triangular kernel as wide as the larger of the old and new spacing.
 *
 * @param count New number of voxels; voxel n is centred at `first + n * scale` in old voxels.
 */
export function resampleAxis(
  data: VoxelArray,
  shape: Vector3,
  axis: 0 | 1 | 2,
  count: number,
  first: number,
  scale: number,
): Float32Array {
  const size = shape[axis];
  const inner = axis === 0 ? 1 : axis === 1 ? shape[0] : shape[0] * shape[1];
  const outer = data.length / (size * inner);
  const out = new Float32Array(outer * count * inner);
  const taps = Array.from({ length: count }, (_, n) => kernel(first + n * scale, Math.max(1, scale), size));
  for (let o = 0; o < outer; o++) {
    taps.forEach(({ from, weights }, n) => {
      addWeighted(data, (o * size + from) * inner, inner, weights, out, (o * count + n) * inner);
    });
  }
  return out;
}

/** Adds up `weights.length` neighbouring runs of `run` values each, starting at `from`, into the run of `out` at `to`. */
function addWeighted(
  data: VoxelArray,
  from: number,
  run: number,
  weights: Float64Array,
  out: Float32Array,
  to: number,
): void {
  for (let r = 0; r < run; r++) {
    let sum = 0;
    for (let w = 0, at = from + r; w < weights.length; w++, at += run) sum += weights[w]! * data[at]!;
    out[to + r] = sum;
  }
}

/** Normalised triangle of half width `reach` about `centre`, cut off where there are no voxels. */
function kernel(centre: number, reach: number, size: number): { from: number; weights: Float64Array } {
  const from = Math.max(0, Math.floor(centre - reach) + 1);
  const to = Math.min(size, Math.ceil(centre + reach));
  const weights = Float64Array.from({ length: to - from }, (_, n) => 1 - Math.abs(from + n - centre) / reach);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return { from, weights: weights.map((weight) => weight / sum) };
}
