import type { Rng } from '../random/rng.ts';
import { bootstrapInterval } from './bootstrap.ts';
import type { Interval, Observation } from './bootstrap.ts';
import { quantile } from '../statistics/quantile.ts';

/** A metric over cases. */
export interface Summary {
  /** Cases that have the metric. */
  readonly count: number;
  /** Cases that do not: one of the masks was empty. */
  readonly missing: number;
  readonly mean: number;
  /** With n - 1; undefined for one case. */
  readonly standardDeviation: number | undefined;
  readonly median: number;
  /** 95 % bootstrap interval of the mean; undefined with fewer than two groups. */
  readonly interval: Interval | undefined;
}

/** @returns undefined where no case has the metric. */
export function summarise(
  observations: readonly { readonly value: number | undefined; readonly group: string }[],
  rng: Rng,
): Summary | undefined {
  const present = observations.filter((one): one is Observation => one.value !== undefined);
  if (present.length === 0) return undefined;
  const values = present.map(({ value }) => value).sort((a, b) => a - b);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    count: values.length,
    missing: observations.length - values.length,
    mean,
    standardDeviation: values.length < 2 ? undefined : Math.sqrt(squares / (values.length - 1)),
    median: quantile(values, 0.5),
    interval: bootstrapInterval(present, rng),
  };
}
