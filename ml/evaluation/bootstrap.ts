import type { Rng } from '../random/rng.ts';
import { quantile } from '../statistics/quantile.ts';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** A value and whom it belongs to: values of one person are not independent of each other. */
export interface Observation {
  readonly value: number;
  /** The person, or the case where persons are not known. */
  readonly group: string;
}

/**
 * 95 % percentile bootstrap interval of the mean (Efron and Tibshirani 1993, section 13.3). Whole groups are drawn with replacement,
 * so that two images of one person do not make the interval narrower than it is.
 *
 * @param rng Draws `resamples * groups` integers.
 * @returns undefined with fewer than two groups: nothing varies.
 */
export function bootstrapInterval(
  observations: readonly Observation[],
  rng: Rng,
  resamples = 10_000,
): Interval | undefined {
  const groups = groupValues(observations);
  if (groups.length < 2) return undefined;
  const counts = Float64Array.from(groups, (group) => group.length);
  const sums = Float64Array.from(groups, (group) => group.reduce((sum, value) => sum + value, 0));

  const means = new Float64Array(resamples);
  for (let resample = 0; resample < resamples; resample++) {
    let count = 0;
    let sum = 0;
    groups.forEach(() => {
      const group = rng.integer(groups.length);
      count += counts[group]!;
      sum += sums[group]!;
    });
    means[resample] = sum / count;
  }
  means.sort();
  return { low: quantile(means, 0.025), high: quantile(means, 0.975) };
}

/**
 * The same for any statistic of a set of items. Draws for which there is none are left out.
 *
 * @returns undefined with fewer than two groups, or where no draw has the statistic.
 */
export function bootstrapStatistic<Item extends { readonly group: string }>(
  items: readonly Item[],
  statistic: (items: readonly Item[]) => number | undefined,
  rng: Rng,
  resamples = 2000,
): Interval | undefined {
  const groups = grouped(items);
  if (groups.length < 2) return undefined;
  const values: number[] = [];
  for (let resample = 0; resample < resamples; resample++) {
    const value = statistic(groups.flatMap(() => groups[rng.integer(groups.length)]!));
    if (value !== undefined) values.push(value);
  }
  values.sort((a, b) => a - b);
  return values.length === 0 ? undefined : { low: quantile(values, 0.025), high: quantile(values, 0.975) };
}

/** The values of each group, groups in the order they first appear. */
export const groupValues = (observations: readonly Observation[]): number[][] =>
  grouped(observations).map((group) => group.map(({ value }) => value));

function grouped<Item extends { readonly group: string }>(items: readonly Item[]): Item[][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const members = groups.get(item.group);
    if (members === undefined) groups.set(item.group, [item]);
    else members.push(item);
  }
  return [...groups.values()];
}
