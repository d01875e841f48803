import type { Grid } from '../volume/grid.ts';
import type { VoxelArray } from '../volume/volume.ts';
import { boundaryBand } from './region.ts';

/** Index axis of a volume `[k, j, i]`. */
export type SliceAxis = 'i' | 'j' | 'k';

export interface SliceToReview {
  readonly axis: SliceAxis;
  /** Voxel index along the axis. */
  readonly index: number;
  /** Entropy summed over the slice's voxels in the band around the boundary, bits. */
  readonly score: number;
}

/**
 * Slices by how much of the segmentation is uncertain in them, the worst first; slices without any uncertainty are left out.
 *
 * @param labels  Integer labels `[k, j, i]` on `grid`.
 * @param entropy Float32Array [k, j, i], bits.
 * @param count   At most this many.
 */
export function slicesToReview(
  labels: VoxelArray,
  entropy: Float32Array,
  grid: Grid,
  axis: SliceAxis,
  count: number,
): SliceToReview[] {
  const scores = sliceScores(boundaryBand(labels, grid), entropy, grid, axis);
  return Array.from(scores, (score, index) => ({ axis, index, score }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .slice(0, count);
}

/**
 * What `slicesToReview` ranks by: each slice's entropy inside the band, bits.
 *
 * @param band    Uint8Array [k, j, i], 1 inside: `boundaryBand`.
 * @param entropy Float32Array [k, j, i], bits.
 * @returns       One number a slice.
 */
export function sliceScores(band: Uint8Array, entropy: Float32Array, { shape }: Grid, axis: SliceAxis): Float64Array {
  const [width, height, depth] = shape;
  const { stride, length } = {
    i: { stride: 1, length: width },
    j: { stride: width, length: height },
    k: { stride: width * height, length: depth },
  }[axis];
  const scores = new Float64Array(length);
  for (let v = 0; v < entropy.length; v++) {
    if (band[v] === 1) scores[Math.floor(v / stride) % length]! += entropy[v]!;
  }
  return scores;
}

/** The axis along which the volume was cut into slices: the one with the largest spacing, k among equals. */
export function sliceAxis({ spacing: [i, j, k] }: Grid): SliceAxis {
  if (k >= i && k >= j) return 'k';
  return j >= i ? 'j' : 'i';
}
