import type { Rng } from '../random/rng.ts';
import { bootstrapInterval, groupValues } from './bootstrap.ts';
import type { Interval } from './bootstrap.ts';
import { signedRankTest } from './wilcoxon.ts';
import type { SignedRankTest } from './wilcoxon.ts';

/** One metric of one case under two models. */
export interface Pair {
  /** The person, or the case where persons are not known. */
  readonly group: string;
  readonly first: number | undefined;
  readonly second: number | undefined;
}

export interface Comparison {
  readonly count: number;
  /** Cases where one of the models has no value. */
  readonly missing: number;
  /** Mean of `first - second` over cases. */
  readonly meanDifference: number;
  /** 95 % bootstrap interval of the mean difference; undefined with fewer than two groups. */
  readonly interval: Interval | undefined;
  /** Over one mean difference a group: images of one person are one observation. */
  readonly test: SignedRankTest;
}

/** Compares two models on the same cases. @returns undefined where no case has the metric under both. */
export function compareModels(pairs: readonly Pair[], rng: Rng): Comparison | undefined {
  const observations = pairs.flatMap(({ group, first, second }) =>
    first === undefined || second === undefined ? [] : [{ group, value: first - second }],
  );
  if (observations.length === 0) return undefined;
  return {
    count: observations.length,
    missing: pairs.length - observations.length,
    meanDifference: meanOf(observations.map(({ value }) => value)),
    interval: bootstrapInterval(observations, rng),
    test: signedRankTest(groupValues(observations).map(meanOf)),
  };
}

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
