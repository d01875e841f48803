import { invariant } from '../check/invariant.ts';
import type { Rng } from './rng.ts';

/**
 * Draws an index with probability proportional to its weight.
 *
 * @param weights Finite, not negative, at least one positive; they need not sum to 1.
 */
export function chooseWeighted(weights: ArrayLike<number>, rng: Rng): number {
  let total = 0;
  let lastPositive = -1;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!;
    invariant(weight >= 0 && weight < Infinity, `weight ${i} is ${weight}`);
    total += weight;
    if (weight > 0) lastPositive = i;
  }
  invariant(lastPositive >= 0, 'no weight is positive');
  let left = rng.uniform() * total;
  for (let i = 0; i < lastPositive; i++) {
    left -= weights[i]!;
    if (left < 0) return i;
  }
  // Also where rounding leaves a remainder after the whole sum.
  return lastPositive;
}
