import type { NoiseSchedule } from '../schedules/noiseSchedule.ts';
import { scheduleAt } from '../schedules/noiseSchedule.ts';
import { combine } from './combine.ts';

/** `fixedSmall`: that of the true posterior, right for a known xStart. `fixedLarge`: beta, right for an xStart that is noise itself. */
export type PosteriorVariance = 'fixedSmall' | 'fixedLarge';

/**
 * The mean of q(x_{t-1} | x_t, x_0), Ho et al. 2020 eq. 7.
 *
 * @param xStart Float32Array [n, k, ...spatial], diffusion space.
 * @param xT     Float32Array of the same shape.
 * @param t      Index into the schedule; at 0 the mean is xStart.
 * @param target Where the mean is written; may be xStart or xT.
 * @returns      target.
 */
export function posteriorMean(
  xStart: Float32Array,
  xT: Float32Array,
  t: number,
  schedule: NoiseSchedule,
  target: Float32Array = new Float32Array(xT.length),
): Float32Array {
  const { betaT, alphaT, alphaCumprodT, alphaCumprodPrev } = scheduleAt(schedule, t);
  const xStartWeight = (betaT * Math.sqrt(alphaCumprodPrev)) / (1 - alphaCumprodT);
  const xTWeight = (Math.sqrt(alphaT) * (1 - alphaCumprodPrev)) / (1 - alphaCumprodT);
  return combine(xStartWeight, xStart, xTWeight, xT, target);
}

/** The variance of q(x_{t-1} | x_t, x_0), Ho et al. 2020 eq. 7 and section 3.2. */
export function posteriorVariance(t: number, schedule: NoiseSchedule, variance: PosteriorVariance): number {
  const { betaT, alphaCumprodT, alphaCumprodPrev } = scheduleAt(schedule, t);
  return variance === 'fixedLarge' ? betaT : (betaT * (1 - alphaCumprodPrev)) / (1 - alphaCumprodT);
}
