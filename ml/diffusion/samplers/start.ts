import type { Rng } from '../../random/rng.ts';
import { addNoise } from '../gaussian/addNoise.ts';
import { toDiffusionSpace } from '../gaussian/maskSpace.ts';
import type { RespacedSchedule } from '../schedules/respace.ts';
import { fillSampleNoise } from './sampleNoise.ts';

/**
 * Pure noise, where the whole chain starts.
 *
 * @param size Values of one sample.
 * @returns    xEnd, Float32Array [n, size], n = rngs.length.
 */
export function startFromNoise(size: number, rngs: readonly Rng[]): Float32Array {
  return fillSampleNoise(new Float32Array(size * rngs.length), rngs);
}

/**
 * A pre-segmentation with the noise of step T', where a truncated chain starts (PD-DDPM, Guo et al. 2022).
 *
 * @param prior    Class probabilities of one image, Float32Array [k, ...spatial], the same for every sample.
 * @param schedule The truncated schedule; T' is its noisiest step.
 * @returns        x_{T'}, Float32Array [n, k, ...spatial], n = rngs.length.
 */
export function startFromPrior(prior: Float32Array, schedule: RespacedSchedule, rngs: readonly Rng[]): Float32Array {
  const xStart = toDiffusionSpace(prior);
  const xEnd = startFromNoise(prior.length, rngs);
  for (let i = 0; i < rngs.length; i++) {
    const sample = xEnd.subarray(i * prior.length, (i + 1) * prior.length);
    addNoise(xStart, sample, schedule.numSteps - 1, schedule, sample);
  }
  return xEnd;
}
