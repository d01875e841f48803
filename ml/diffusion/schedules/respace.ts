import { Problem } from '../../check/problem.ts';
import type { NoiseSchedule } from './noiseSchedule.ts';

/** A schedule with some of the steps of another: index i of its arrays belongs to step `steps[i]` of the original. */
export interface RespacedSchedule extends NoiseSchedule {
  /** Rising indices of the original schedule, which are what the network is given as time. */
  readonly steps: readonly number[];
}

/**
 * Fewer steps for inference (Nichol & Dhariwal 2021, section 4): the steps round(i (T-1)/(count-1)), halves up, or T-1 alone. Their
 * alphasCumprod are kept and the betas follow from the ratios.
 *
 * @throws Problem 'usage' where count is not a whole number from 1 to the schedule's own.
 */
export function respace(schedule: NoiseSchedule, count: number): RespacedSchedule {
  const last = schedule.numSteps - 1;
  if (!Number.isSafeInteger(count) || count < 1 || count > schedule.numSteps) {
    const remedy = `Take a whole number from 1 to ${schedule.numSteps}.`;
    throw new Problem('usage', 'the number of sampling steps does not fit the schedule', `${count} steps`, remedy);
  }
  const steps = count === 1 ? [last] : Array.from({ length: count }, (_, i) => Math.round((i * last) / (count - 1)));
  const alphasCumprod = Float64Array.from(steps, (step) => schedule.alphasCumprod[step]!);
  const alphas = alphasCumprod.map((alphaCumprod, i) => alphaCumprod / (i === 0 ? 1 : alphasCumprod[i - 1]!));
  const betas = alphas.map((alpha) => 1 - alpha);
  return { name: schedule.name, numSteps: count, betas, alphas, alphasCumprod, steps };
}
