import type { Interval } from '../evaluation/bootstrap.ts';
import { bootstrapStatistic } from '../evaluation/bootstrap.ts';
import type { Rng } from '../random/rng.ts';

/** Something that a person may look at: a case, or a slice. */
export interface Reviewable {
  /** How unsure the model is of it. */
  readonly score: number;
  /** How wrong the model was, at least 0. */
  readonly error: number;
}

/**
 * What looking at the most uncertain first is worth: the area under the share of all error that was seen, over the share of items that
 * were looked at. Any order gives 0.5 on average; the order by the error itself gives the most. Items of one score are taken together.
 *
 * @returns In (0, 1); undefined without any error, or with fewer than two items.
 */
export function reviewArea(items: readonly Reviewable[]): number | undefined {
  const total = items.reduce((sum, { error }) => sum + error, 0);
  if (total === 0 || items.length < 2) return undefined;
  const sorted = items.toSorted((a, b) => b.score - a.score);
  let area = 0;
  let seen = 0;
  for (let first = 0; first < sorted.length;) {
    let next = first;
    let found = 0;
    while (next < sorted.length && sorted[next]!.score === sorted[first]!.score) found += sorted[next++]!.error;
    area += (next - first) * (seen + found / 2);
    seen += found;
    first = next;
  }
  return area / (total * items.length);
}

/** 95 % bootstrap interval of `reviewArea`; whole groups are drawn. Undefined with fewer than two. */
export const reviewInterval = (
  items: readonly (Reviewable & { readonly group: string })[],
  rng: Rng,
): Interval | undefined => bootstrapStatistic(items, reviewArea, rng);
