import { Problem } from '../../check/problem.ts';
import type { RespacedSchedule } from './respace.ts';

/**
 * The part of the chain that runs from a pre-segmentation (PD-DDPM, Guo et al. 2022): the lowest max(1, ceil(fraction N)) of its N
 * steps. Sampling starts at the highest of them, T'.
 *
 * @param fraction In (0, 1].
 * @throws Problem 'usage' for another fraction.
 */
export function truncate(schedule: RespacedSchedule, fraction: number): RespacedSchedule {
  if (!(fraction > 0 && fraction <= 1)) {
    const remedy = 'Take a number above 0 and up to 1.';
    throw new Problem('usage', 'the start is not a fraction of the chain', `start ${fraction}`, remedy);
  }
  // A product such as 0.55 * 100 = 55.00000000000001 is meant to be whole; its error must not cost a pass.
  const passes = Math.max(1, Math.ceil(fraction * schedule.numSteps - 1e-9));
  return {
    name: schedule.name,
    numSteps: passes,
    betas: schedule.betas.slice(0, passes),
    alphas: schedule.alphas.slice(0, passes),
    alphasCumprod: schedule.alphasCumprod.slice(0, passes),
    steps: schedule.steps.slice(0, passes),
  };
}
