import { invariant } from '../check/invariant.ts';

/**
 * Quantile with linear interpolation between the closest ranks, as `numpy.quantile` and `torch.quantile` do by default.
 *
 * @param sorted   At least one value, rising.
 * @param fraction In [0, 1].
 */
export function quantile(sorted: ArrayLike<number>, fraction: number): number {
  invariant(sorted.length > 0, 'a quantile needs at least one value');
  const position = fraction * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (position - below) * (high - low);
}

/** @param values At least one, in any order. */
export const median = (values: readonly number[]): number =>
  quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  );
