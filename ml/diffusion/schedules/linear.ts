import type { NoiseSchedule } from './noiseSchedule.ts';
import { noiseSchedule } from './noiseSchedule.ts';

/**
 * Betas from 1e-4 to 0.02 in equal steps (Ho et al. 2020, section 4), times 1000/numSteps so that every length ends in the same noise
 * (Nichol & Dhariwal 2021, public code).
 *
 * @throws Problem 'usage' up to 20 steps, where the last beta reaches 1.
 */
export function linear(numSteps: number): NoiseSchedule {
  const start = 0.1 / numSteps;
  const end = 20 / numSteps;
  return noiseSchedule('linear', numSteps, (t) => start + (t * (end - start)) / (numSteps - 1));
}
