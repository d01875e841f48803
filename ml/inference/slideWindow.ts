import { sizeOf } from '../graph/shape.ts';
import { addWindow, gaussianWeights, readWindow, windowStarts, type WindowStart } from './windows.ts';
import type { Shape } from '../graph/ops.ts';

/**
 * Class probabilities [classes, ...patch] of one window.
 *
 * @param image  Float32Array [c, context + k + context, j, i]: the window's voxels and the slices beside them.
 * @param window Its number.
 * @param start  Its first voxel, [k, j, i].
 */
export type PredictWindow = (image: Float32Array, window: number, start: WindowStart) => Promise<Float32Array>;

/**
 * Predicts a volume in overlapping windows whose probabilities are averaged with Gaussian weights.
 *
 * @param image Float32Array [c, k, j, i], normalised.
 * @param shape [k, j, i].
 * @param patch [k, j, i]; 1 along k for a network of two dimensions.
 * @param context Slices on either side that a window shows beside its own.
 * @returns     Float32Array [classes, k, j, i].
 */
export async function slideWindow(
  image: Float32Array,
  shape: Shape,
  patch: Shape,
  classes: number,
  predict: PredictWindow,
  context = 0,
): Promise<Float32Array> {
  const voxels = sizeOf(shape);
  const starts = windowStarts(shape, patch);
  const ones = new Float32Array(sizeOf(patch)).fill(1);
  // A window without a neighbour is left as it is, to the last bit.
  const weights = starts.length === 1 ? ones : gaussianWeights(patch);
  const probability = new Float32Array(classes * voxels);
  const total = new Float32Array(voxels);
  const [depth, ...across] = patch;
  const seen = [depth! + 2 * context, ...across];
  for (const [window, start] of starts.entries()) {
    const [first, ...rest] = start;
    const predicted = await predict(readWindow(image, shape, seen, [first! - context, ...rest]), window, start);
    addWindow(probability, shape, predicted, patch, start, weights);
    addWindow(total, shape, ones, patch, start, weights);
  }
  for (let at = 0, v = 0; at < probability.length; at++, v++) {
    if (v === voxels) v = 0;
    probability[at]! /= total[v]!;
  }
  return probability;
}
