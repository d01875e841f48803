import { invariant } from '../../check/invariant.ts';
import { Problem } from '../../check/problem.ts';

export type ScheduleName = 'linear' | 'quadratic' | 'cosine';

/**
 * How much noise each step of the forward chain adds (Ho et al. 2020, eq. 2 and 4). Arrays are indexed by t = 0..numSteps-1,
 * t = 0 the least noisy; unitless, in [0, 1].
 */
export interface NoiseSchedule {
  readonly name: ScheduleName;
  readonly numSteps: number;
  /** Variance of the noise that step t adds. */
  readonly betas: Float64Array;
  /** 1 - betas. */
  readonly alphas: Float64Array;
  /** Product of alphas up to and with t: the share of the signal's variance that is left. Falls strictly. */
  readonly alphasCumprod: Float64Array;
}

/** The largest signal, sqrt(alphasCumprod), that may be left at the noisiest step of a chain that starts from pure noise. */
const MAX_END_SIGNAL = 0.01;

/**
 * The schedule with the given betas.
 *
 * @throws Problem 'usage' where a beta is outside (0, 1), or the noisiest step is not noise.
 */
export function noiseSchedule(name: ScheduleName, numSteps: number, betaAt: (t: number) => number): NoiseSchedule {
  const where = `${name} schedule of ${numSteps} steps`;
  const remedy = 'Take more steps or another schedule.';
  if (!Number.isSafeInteger(numSteps) || numSteps < 2) {
    throw new Problem('usage', 'a noise schedule needs a whole number of steps, at least 2', where, remedy);
  }
  const betas = Float64Array.from({ length: numSteps }, (_, t) => betaAt(t));
  if (!betas.every((beta) => beta > 0 && beta < 1)) {
    throw new Problem('usage', 'a step of the noise schedule would remove the whole signal', where, remedy);
  }
  const alphas = betas.map((beta) => 1 - beta);
  let product = 1;
  const alphasCumprod = alphas.map((alpha) => (product *= alpha));
  const endSignal = Math.sqrt(product);
  if (endSignal >= MAX_END_SIGNAL) {
    const what = `the noise schedule ends with ${(100 * endSignal).toPrecision(2)} % of the signal, not with noise`;
    throw new Problem('usage', what, where, remedy);
  }
  return { name, numSteps, betas, alphas, alphasCumprod };
}

/** The schedule at one step; `alphaCumprodPrev` is that of t-1, and 1 at t = 0. */
export function scheduleAt(schedule: NoiseSchedule, t: number) {
  invariant(
    Number.isInteger(t) && t >= 0 && t < schedule.numSteps,
    `step ${t} is outside of ${schedule.numSteps} steps`,
  );
  return {
    betaT: schedule.betas[t]!,
    alphaT: schedule.alphas[t]!,
    alphaCumprodT: schedule.alphasCumprod[t]!,
    alphaCumprodPrev: t === 0 ? 1 : schedule.alphasCumprod[t - 1]!,
  };
}
