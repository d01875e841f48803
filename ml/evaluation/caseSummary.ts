import { invariant } from '../check/invariant.ts';
import type { Rng } from '../random/rng.ts';
import { type Metric, meanScores, metrics, type Scores, type StructureScores } from './caseScores.ts';
import { type Comparison, compareModels } from './comparison.ts';
import { type Summary, summarise } from './summary.ts';

export interface CaseScores {
  readonly case: string;
  /** The person, or the case where persons are not known. */
  readonly group: string;
  /** In the same order in every case. */
  readonly structures: readonly StructureScores[];
}

/** A metric is undefined where no case has it. */
export interface StructureSummary {
  /** A structure's name, or `mean` over the structures. */
  readonly structure: string;
  readonly metrics: Readonly<Record<Metric, Summary | undefined>>;
}

export interface StructureComparison {
  readonly structure: string;
  readonly metrics: Readonly<Record<Metric, Comparison | undefined>>;
}

/** Summarises every metric over cases, a structure at a time and for the mean over the structures. */
export function summariseCases(cases: readonly CaseScores[], rng: Rng): StructureSummary[] {
  return columns(cases).map(({ structure, scores }) => ({
    structure,
    metrics: eachMetric((metric) =>
      summarise(
        cases.map((one) => ({ group: one.group, value: scores(one)[metric] })),
        rng,
      ),
    ),
  }));
}

/** Compares two models on the cases that both have. */
export function compareCases(
  first: readonly CaseScores[],
  second: readonly CaseScores[],
  rng: Rng,
): StructureComparison[] {
  const byName = new Map(second.map((one) => [one.case, one]));
  const shared = first.flatMap((one) => {
    const other = byName.get(one.case);
    return other === undefined ? [] : [{ one, other }];
  });
  return columns(shared.map(({ one }) => one)).map(({ structure, scores }) => ({
    structure,
    metrics: eachMetric((metric) =>
      compareModels(
        shared.map(({ one, other }) => ({
          group: one.group,
          first: scores(one)[metric],
          second: scores(other)[metric],
        })),
        rng,
      ),
    ),
  }));
}

/** Each structure, then their mean, and where a case holds its scores. */
function columns(cases: readonly CaseScores[]) {
  const structures = cases[0]?.structures.map(({ structure }) => structure) ?? [];
  const byStructure = structures.map(({ value, name }, index) => ({
    structure: name,
    scores: (one: CaseScores): Scores => {
      const scores = one.structures[index];
      invariant(scores?.structure.value === value, 'every case lists the same structures in the same order');
      return scores;
    },
  }));
  return [...byStructure, { structure: 'mean', scores: (one: CaseScores): Scores => meanScores(one.structures) }];
}

export const eachMetric = <Value>(of: (metric: Metric) => Value) =>
  Object.fromEntries(metrics.map((metric) => [metric, of(metric)])) as Record<Metric, Value>;
