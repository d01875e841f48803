import { invariant } from '../check/invariant.ts';

/** How the learning rate goes over a training. */
export interface LearningRatePlan {
  /** The highest rate, at the end of the warm-up. */
  readonly peak: number;
  /** Steps of the warm-up; 0 for none. */
  readonly warmup: number;
  /** Steps of the whole training, more than the warm-up. */
  readonly total: number;
  /** The rate that the last steps approach, and of any step beyond. */
  readonly final: number;
}

/**
 * The learning rate of a step, counted from 0: straight up from peak/warmup to peak at the last step of the warm-up, then half a cosine
 * (Loshchilov & Hutter 2017, eq. 5, without restarts) down to final.
 */
export function learningRate(step: number, { peak, warmup, total, final }: LearningRatePlan): number {
  invariant(total > warmup, `a training of ${total} steps ends before its warm-up of ${warmup}`);
  if (step < warmup) return (peak * (step + 1)) / warmup;
  const progress = Math.min((step - warmup) / (total - warmup), 1);
  return final + ((peak - final) * (1 + Math.cos(Math.PI * progress))) / 2;
}

/**
 * The decay of the averaged weights after n steps: a ramp up to the given decay, since a short training would otherwise keep its initial
 * weights.
 */
export function emaDecay(n: number, decay: number): number {
  return Math.min(decay, (1 + n) / (10 + n));
}
