import { bootstrapInterval, type Interval, type Observation } from '../../ml/evaluation/bootstrap.ts';
import { stream } from '../../ml/random/stream.ts';
import type { Scores } from './scores.ts';

/** A mean over the test cases, its 95 % bootstrap interval over people, and how far seeds differ. */
export interface Estimate {
  readonly mean: number;
  readonly interval: Interval | undefined;
  /** Mean of each seed. */
  readonly seeds: readonly number[];
  readonly cases: number;
}

/** Dice of each case, averaged over the structures and then over seeds: seeds of one case are no cases of their own. */
export function estimateDice(seeds: readonly Scores[]): Estimate | undefined {
  return estimate(seeds.map(diceOf));
}

/** Paired by case: the first's Dice less the second's. Seeds are paired by their place. */
export function estimateGain(ours: readonly Scores[], theirs: readonly Scores[]): Estimate | undefined {
  if (ours.length === 0 || ours.length !== theirs.length) return undefined;
  return estimate(ours.map((scores, seed) => difference(diceOf(scores), diceOf(theirs[seed]!))));
}

type Values = ReadonlyMap<string, Observation>;

const diceOf = ({ cases }: Scores): Values =>
  new Map(
    cases.flatMap(({ case: name, group, mean: { dice } }) =>
      typeof dice === 'number' ? [[name, { group, value: dice }] as const] : [],
    ),
  );

const difference = (a: Values, b: Values): Values =>
  new Map(
    [...a].flatMap(([name, { group, value }]) => {
      const other = b.get(name);
      return other ? [[name, { group, value: value - other.value }] as const] : [];
    }),
  );

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function estimate(seeds: readonly Values[]): Estimate | undefined {
  const [first] = seeds;
  if (!first || first.size === 0) return undefined;
  const observations = [...first].map(([name, { group }]) => ({
    group,
    value: meanOf(seeds.flatMap((values) => values.get(name)?.value ?? [])),
  }));
  return {
    mean: meanOf(observations.map(({ value }) => value)),
    interval: bootstrapInterval(observations, stream(0, 'results')),
    seeds: seeds.map((values) => meanOf([...values.values()].map(({ value }) => value))),
    cases: observations.length,
  };
}
