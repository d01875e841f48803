import type { NoiseSchedule } from './noiseSchedule.ts';
import { noiseSchedule } from './noiseSchedule.ts';

/** Keeps the first betas from vanishing. */
const OFFSET = 0.008;
const MAX_BETA = 0.999;

/**
 * Betas whose product of alphas is a squared cosine (Nichol & Dhariwal 2021, eq. 17, s = 0.008), clipped at 0.999 to stay clear of the
 * singularity at the end.
 */
export function cosine(numSteps: number): NoiseSchedule {
  const signal = (time: number) => Math.cos((((time / numSteps + OFFSET) / (1 + OFFSET)) * Math.PI) / 2) ** 2;
  return noiseSchedule('cosine', numSteps, (t) => Math.min(1 - signal(t + 1) / signal(t), MAX_BETA));
}
