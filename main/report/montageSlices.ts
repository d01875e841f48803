import { type SliceAxis, slicesToReview } from '../../ml/uncertainty/sliceRanking.ts';
import type { Grid } from '../../ml/volume/grid.ts';
import type { VoxelArray } from '../../ml/volume/volume.ts';

/**
 * Slices that show a segmentation: the extent of the foreground is cut into equal parts, and of each part the most uncertain slice
 * is taken, so that the slices are neither all alike nor empty. Without foreground, slices evenly through the volume.
 *
 * @param labels  Integer labels `[k, j, i]` on `grid`; 0 is background.
 * @param entropy Float32Array [k, j, i], bits.
 * @returns       At most `count` indices along `axis`, rising.
 */
export function montageSlices(
  labels: VoxelArray,
  entropy: Float32Array,
  grid: Grid,
  axis: SliceAxis,
  count: number,
): number[] {
  const { from, to } = foregroundExtent(labels, grid, axis);
  const score = new Map(
    slicesToReview(labels, entropy, grid, axis, Infinity).map((slice) => [slice.index, slice.score]),
  );
  const parts = Math.min(count, to - from);
  return Array.from({ length: parts }, (_, part) => {
    // Of the middle half of each part, so that two neighbours are never both taken.
    const first = from + Math.floor(((part + 0.25) * (to - from)) / parts);
    const end = Math.max(first + 1, from + Math.floor(((part + 0.75) * (to - from)) / parts));
    const indices = Array.from({ length: end - first }, (_, offset) => first + offset);
    const middle = first + Math.floor((end - first) / 2);
    return indices.reduce((best, index) => ((score.get(index) ?? 0) > (score.get(best) ?? 0) ? index : best), middle);
  });
}

/** Slices `[from, to)` that hold foreground; all of them where none does. */
function foregroundExtent(labels: VoxelArray, { shape }: Grid, axis: SliceAxis): { from: number; to: number } {
  const [stride, length] = { i: [1, shape[0]], j: [shape[0], shape[1]], k: [shape[0] * shape[1], shape[2]] }[axis] as [
    number,
    number,
  ];
  let from = length;
  let to = 0;
  for (let v = 0; v < labels.length; v++) {
    if (labels[v] === 0) continue;
    const index = Math.floor(v / stride) % length;
    from = Math.min(from, index);
    to = Math.max(to, index + 1);
  }
  return to === 0 ? { from: 0, to: length } : { from, to };
}
