import type { NoiseSchedule } from '../schedules/noiseSchedule.ts';
import { combine } from '../gaussian/combine.ts';
import type { RespacedSchedule } from '../schedules/respace.ts';
import type { PredictXStart, SamplerStep } from './sampler.ts';

/** Signal, noise, and half the logarithm of their ratio of variances (lambda) at one step. */
function levelAt({ alphasCumprod }: NoiseSchedule, t: number) {
  const alphaCumprod = alphasCumprod[t]!;
  return {
    signal: Math.sqrt(alphaCumprod),
    spread: Math.sqrt(1 - alphaCumprod),
    lambda: 0.5 * Math.log(alphaCumprod / (1 - alphaCumprod)),
  };
}

/**
 * DPM-Solver++ (2M) (Lu et al. 2022, algorithm 2): deterministic, of second order in the step of lambda, one network pass a step as in DDIM, which
 * is its first order. It extrapolates the last two predictions, so that few steps follow the chain of many more closely. Yields after every
 * step; stop iterating to cancel.
 *
 * @param xEnd Float32Array [n, k, ...spatial], x at the schedule's noisiest step. Not changed.
 */
export async function* dpmSolver(
  predictXStart: PredictXStart,
  xEnd: Float32Array,
  schedule: RespacedSchedule,
): AsyncGenerator<SamplerStep, void> {
  const xT = xEnd.slice();
  const extrapolated = new Float32Array(xT.length);
  let before: { readonly xStartPred: Float32Array; readonly step: number } | undefined;
  for (let index = schedule.numSteps - 1; index >= 0; index--) {
    const t = schedule.steps[index]!;
    const xStartPred = await predictXStart(xT, t);
    if (index > 0) {
      const [from, to] = [levelAt(schedule, index), levelAt(schedule, index - 1)];
      const step = to.lambda - from.lambda;
      const share = before ? step / (2 * before.step) : 0;
      combine(1 + share, xStartPred, -share, before?.xStartPred ?? xStartPred, extrapolated);
      combine(to.spread / from.spread, xT, -to.signal * Math.expm1(-step), extrapolated, xT);
      before = { xStartPred: xStartPred.slice(), step };
    }
    yield { index, t, xStartPred };
  }
}
