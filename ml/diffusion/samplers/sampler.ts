import { solveXStart } from '../gaussian/addNoise.ts';
import { clipToDiffusionSpace, toDiffusionSpace, toProbabilities } from '../gaussian/maskSpace.ts';
import type { NoiseSchedule } from '../schedules/noiseSchedule.ts';

/**
 * The network as a sampler sees it.
 *
 * @param xT Float32Array [n, k, ...spatial], diffusion space with noise. Overwritten once the promise is settled.
 * @param t  Step in the schedule the network was trained with.
 * @returns  xStartPred, of the same shape, in [-1, 1]. It is the sampler's to read until its next step.
 */
export type PredictXStart = (xT: Float32Array, t: number) => Promise<Float32Array>;

/** A finished step of a sampler. That of index 0 is the result. */
export interface SamplerStep {
  /** Index into the sampler's schedule, falling to 0: the number of passes still to run. */
  readonly index: number;
  /** Step in the schedule the network was trained with. */
  readonly t: number;
  /** Float32Array [n, k, ...spatial], diffusion space; `toProbabilities` gives the class probabilities. */
  readonly xStartPred: Float32Array;
}

/**
 * Lets a sampler ask a network that knows masks and probabilities only.
 *
 * @param network From a noisy mask, Float32Array [n, k, ...spatial] in [0, 1], and t to class probabilities of the same shape.
 */
export function xStartPredictor(network: (noisyMask: Float32Array, t: number) => Promise<Float32Array>): PredictXStart {
  return async (xT, t) => toDiffusionSpace(await network(toProbabilities(xT), t));
}

/**
 * Lets a sampler ask a network that knows masks and noise: what is left without the noise, clipped to [-1, 1].
 *
 * @param network  From a noisy mask, Float32Array [n, k, ...spatial] in [0, 1], and t to the noise in it, of the same shape.
 * @param schedule The one it was trained with.
 */
export function xStartFromNoise(
  network: (noisyMask: Float32Array, t: number) => Promise<Float32Array>,
  schedule: NoiseSchedule,
): PredictXStart {
  return async (xT, t) => {
    const epsPred = await network(toProbabilities(xT), t);
    return clipToDiffusionSpace(solveXStart(xT, epsPred, t, schedule, epsPred));
  };
}
