import { invariant } from '../check/invariant.ts';
import type { VoxelArray } from '../volume/volume.ts';

/** Voxels of one structure, by whether the prediction and the reference hold it. */
export interface VoxelCounts {
  readonly both: number;
  readonly predicted: number;
  readonly reference: number;
  /** All voxels of the image. */
  readonly total: number;
}

/** Each in [0, 1], unitless. */
export interface Overlap {
  readonly dice: number;
  readonly iou: number;
  readonly precision: number;
  readonly recall: number;
  readonly accuracy: number;
}

/**
 * Counts, in one pass, the voxels of each label value.
 *
 * @param prediction,reference Integer labels `[k, j, i]` of the same length.
 * @param values               The label values to count, each >= 0.
 */
export function countVoxels(prediction: VoxelArray, reference: VoxelArray, values: readonly number[]): VoxelCounts[] {
  invariant(prediction.length === reference.length, 'prediction and reference are on one grid');
  const slots = new Int32Array(Math.max(0, ...values) + 1).fill(-1);
  for (const [slot, value] of values.entries()) slots[value] = slot;

  const counts = { both: tally(values), predicted: tally(values), reference: tally(values) };
  for (let v = 0; v < prediction.length; v++) {
    const predicted = slots[prediction[v]!] ?? -1;
    const actual = slots[reference[v]!] ?? -1;
    if (predicted >= 0) counts.predicted[predicted]!++;
    if (actual >= 0) counts.reference[actual]!++;
    if (actual >= 0 && actual === predicted) counts.both[actual]!++;
  }
  return values.map((_, slot) => ({
    both: counts.both[slot]!,
    predicted: counts.predicted[slot]!,
    reference: counts.reference[slot]!,
    total: prediction.length,
  }));
}

const tally = (values: readonly number[]) => new Float64Array(values.length);

/** Overlap of two masks. Both empty: everything is 1. One empty: 0, but for the accuracy. */
export function overlapOf({ both, predicted, reference, total }: VoxelCounts): Overlap {
  const union = predicted + reference - both;
  const accuracy = total === 0 ? 1 : (total - union + both) / total;
  if (union === 0) return { dice: 1, iou: 1, precision: 1, recall: 1, accuracy };
  return {
    dice: (2 * both) / (predicted + reference),
    iou: both / union,
    precision: predicted === 0 ? 0 : both / predicted,
    recall: reference === 0 ? 0 : both / reference,
    accuracy,
  };
}
