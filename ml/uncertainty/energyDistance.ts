import { invariant } from '../check/invariant.ts';
import { countVoxels, overlapOf } from '../evaluation/overlap.ts';
import type { VoxelArray } from '../volume/volume.ts';

/**
 * Squared generalised energy distance between samples and the masks of one or more observers, with `d = 1 - IoU` of one structure
 * (Kohl et al. 2018, "A probabilistic U-Net", equation 5): `2 E d(s, y) - E d(s, s') - E d(y, y')`. Every mean runs over all pairs, a
 * mask with itself included. Two empty masks are alike (`d = 0`).
 *
 * @param samples,references Labels `[k, j, i]`, at least one each.
 * @param value              The structure's label value.
 * @returns                  In [0, 2]; 0 where both sets are the same.
 */
export function energyDistance(
  samples: readonly VoxelArray[],
  references: readonly VoxelArray[],
  value: number,
): number {
  return (
    2 * meanDistance(samples, references, value) -
    meanDistance(samples, samples, value) -
    meanDistance(references, references, value)
  );
}

/** Mean of `1 - IoU` over all pairs; of samples with themselves, their diversity. */
export function meanDistance(first: readonly VoxelArray[], second: readonly VoxelArray[], value: number): number {
  invariant(first.length > 0 && second.length > 0, 'a mean distance needs masks on both sides');
  const distances = first.flatMap((one) => second.map((other) => 1 - iou(one, other, value)));
  return distances.reduce((sum, distance) => sum + distance, 0) / distances.length;
}

function iou(first: VoxelArray, second: VoxelArray, value: number): number {
  const [counts] = countVoxels(first, second, [value]);
  return overlapOf(counts!).iou;
}
