import { mean, reshape } from '../graph/arrays.ts';
import { square, sub } from '../graph/elementwise.ts';
import type { Node } from '../graph/ops.ts';
import type { PredictionName } from '../diffusion/prediction.ts';
import { scheduleAt, type NoiseSchedule } from '../diffusion/schedules/noiseSchedule.ts';

/** Weights of the two losses of Ho et al. 2020 that are squared errors, each step's with a factor of its own. */
export interface SquaredErrorWeights {
  /** Mean squared error of the noise (eq. 14). */
  readonly noise: number;
  /** Variational bound (eq. 5), nats a value and step, but for what does not depend on the network. */
  readonly variational: number;
}

/** Mean squared difference of each sample, [n]. */
export function squaredError(a: Node, b: Node): Node {
  const difference = square(sub(a, b));
  return reshape(mean(difference, [...difference.shape.keys()].slice(1)), [difference.shape[0]!]);
}

/**
 * What the squared error of a network's answer at step t is multiplied with, so that it becomes the weighted sum of both losses.
 *
 * An error of xStart is one of the noise times the root of the ratio of variances, signal over noise. The bound's part at t is the divergence
 * of two posteriors of one variance, which is half of what that ratio loses in the step (Kingma et al. 2021, eq. 13), and at t = 0 the
 * negative log density of xStart under a Gaussian of variance beta.
 */
export function squaredErrorFactor(
  { noise, variational }: SquaredErrorWeights,
  prediction: PredictionName | undefined,
  schedule: NoiseSchedule,
  t: number,
): number {
  const { betaT, alphaCumprodT, alphaCumprodPrev } = scheduleAt(schedule, t);
  const ratio = alphaCumprodT / (1 - alphaCumprodT);
  const lost = t === 0 ? 1 / betaT : alphaCumprodPrev / (1 - alphaCumprodPrev) - ratio;
  const ofXStart = noise * ratio + (variational * lost) / 2;
  return prediction === 'noise' ? ofXStart / ratio : ofXStart;
}
