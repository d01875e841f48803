import type { Rng } from '../../random/rng.ts';
import { combine } from '../gaussian/combine.ts';
import type { PosteriorVariance } from '../gaussian/posterior.ts';
import { posteriorMean, posteriorVariance } from '../gaussian/posterior.ts';
import type { RespacedSchedule } from '../schedules/respace.ts';
import { fillSampleNoise } from './sampleNoise.ts';
import type { PredictXStart, SamplerStep } from './sampler.ts';

/**
 * Ancestral sampling (Ho et al. 2020, algorithm 2), with the prediction of x_0 in place of that of the noise. Yields after every step; stop
 * iterating to cancel.
 *
 * @param xEnd Float32Array [n, k, ...spatial], x at the schedule's noisiest step. Not changed.
 * @param rngs One stream for each of the n samples.
 */
export async function* ddpm(
  predictXStart: PredictXStart,
  xEnd: Float32Array,
  schedule: RespacedSchedule,
  rngs: readonly Rng[],
  variance: PosteriorVariance = 'fixedSmall',
): AsyncGenerator<SamplerStep, void> {
  const xT = xEnd.slice();
  const noise = new Float32Array(xT.length);
  for (let index = schedule.numSteps - 1; index >= 0; index--) {
    const t = schedule.steps[index]!;
    const xStartPred = await predictXStart(xT, t);
    if (index > 0) {
      posteriorMean(xStartPred, xT, index, schedule, xT);
      fillSampleNoise(noise, rngs);
      combine(1, xT, Math.sqrt(posteriorVariance(index, schedule, variance)), noise, xT);
    }
    yield { index, t, xStartPred };
  }
}
