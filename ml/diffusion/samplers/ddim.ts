import { invariant } from '../../check/invariant.ts';
import type { Rng } from '../../random/rng.ts';
import { solveEps } from '../gaussian/addNoise.ts';
import { combine } from '../gaussian/combine.ts';
import { posteriorVariance } from '../gaussian/posterior.ts';
import { scheduleAt } from '../schedules/noiseSchedule.ts';
import type { RespacedSchedule } from '../schedules/respace.ts';
import { fillSampleNoise } from './sampleNoise.ts';
import type { PredictXStart, SamplerStep } from './sampler.ts';

/**
 * DDIM (Song et al. 2021, eq. 12 and 16). Yields after every step; stop iterating to cancel.
 *
 * @param xEnd Float32Array [n, k, ...spatial], x at the schedule's noisiest step. Not changed.
 * @param rngs One stream for each of the n samples; left alone at eta = 0.
 * @param eta  In [0, 1]: 0 is deterministic, 1 has the posterior's variance at every step and so is DDPM.
 */
export async function* ddim(
  predictXStart: PredictXStart,
  xEnd: Float32Array,
  schedule: RespacedSchedule,
  rngs: readonly Rng[],
  eta = 0,
): AsyncGenerator<SamplerStep, void> {
  invariant(eta >= 0 && eta <= 1, `eta is ${eta}`);
  const xT = xEnd.slice();
  const scratch = new Float32Array(xT.length);
  for (let index = schedule.numSteps - 1; index >= 0; index--) {
    const t = schedule.steps[index]!;
    const xStartPred = await predictXStart(xT, t);
    if (index > 0) {
      const { alphaCumprodPrev } = scheduleAt(schedule, index);
      const sigma = eta * Math.sqrt(posteriorVariance(index, schedule, 'fixedSmall'));
      const epsPred = solveEps(xT, xStartPred, index, schedule, scratch);
      combine(Math.sqrt(alphaCumprodPrev), xStartPred, Math.sqrt(1 - alphaCumprodPrev - sigma ** 2), epsPred, xT);
      if (sigma > 0) combine(1, xT, sigma, fillSampleNoise(scratch, rngs), xT);
    }
    yield { index, t, xStartPred };
  }
}
