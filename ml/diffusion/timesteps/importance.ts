import { invariant } from '../../check/invariant.ts';
import { chooseWeighted } from '../../random/chooseWeighted.ts';
import type { Rng } from '../../random/rng.ts';
import type { Timestep } from './timestep.ts';

const DECAY = 0.9;
const UNIFORM_PART = 0.01;
const MIN_COUNT = 10;

/**
 * What importance sampling of the step has learned so far: plain data, which a checkpoint keeps as it is. Arrays are indexed by t; their
 * length is the number of steps that can be drawn.
 */
export interface LossHistory {
  /** Running mean of the squared loss, decay 0.9, from the first loss seen at t. */
  readonly meanSquares: Float64Array;
  /** How many losses were seen at t. */
  readonly counts: Float64Array;
}

/** @param count The schedule's numSteps; one less for recycling, whose first pass takes the noisiest step for itself. */
export function emptyLossHistory(count: number): LossHistory {
  return { meanSquares: new Float64Array(count), counts: new Float64Array(count) };
}

/** Notes the loss of one sample, before weighting, in the history. */
export function observeLoss(history: LossHistory, t: number, loss: number): void {
  const { meanSquares, counts } = history;
  invariant(t in counts, `step ${t} is outside of ${counts.length} steps`);
  invariant(Number.isFinite(loss), `the loss at step ${t} is ${loss}`);
  meanSquares[t] = counts[t] === 0 ? loss ** 2 : DECAY * meanSquares[t]! + (1 - DECAY) * loss ** 2;
  counts[t]! += 1;
}

/**
 * The probability of each t: in proportion to the root of its mean squared loss, which gives the weighted loss its least variance
 * (Nichol & Dhariwal 2021, eq. 18), plus a uniform part of 0.01. Uniform until every t was seen 10 times; for 1000 steps that takes more
 * than 10,000 samples, so a short training never leaves it.
 */
export function stepProbabilities({ meanSquares, counts }: LossHistory): Float64Array {
  const uniform = 1 / counts.length;
  const roots = meanSquares.map(Math.sqrt);
  const total = roots.reduce((sum, root) => sum + root, 0);
  if (total === 0 || counts.some((seen) => seen < MIN_COUNT)) return new Float64Array(counts.length).fill(uniform);
  return roots.map((root) => ((1 - UNIFORM_PART) * root) / total + UNIFORM_PART * uniform);
}

/** Draws t by importance; the weight 1/(p_t T) keeps the mean loss that of uniform steps. */
export function drawImportant(history: LossHistory, rng: Rng): Timestep {
  const probabilities = stepProbabilities(history);
  const t = chooseWeighted(probabilities, rng);
  return { t, weight: 1 / (probabilities[t]! * probabilities.length) };
}
