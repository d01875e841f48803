import { Problem } from '../../../ml/check/problem.ts';
import { meanScores } from '../../../ml/evaluation/caseScores.ts';
import { compareCases, summariseCases, type StructureComparison } from '../../../ml/evaluation/caseSummary.ts';
import { summariseSmall } from '../../../ml/evaluation/smallObjects.ts';
import { summarise } from '../../../ml/evaluation/summary.ts';
import { stream } from '../../../ml/random/stream.ts';
import type { Grid } from '../../../ml/volume/grid.ts';
import type { Evaluated, EvaluatedCase } from '../../report/evaluation.ts';

/** Summarises what one model, or one folder of predictions, got on all cases. The order of the cases does not matter. */
export function assemble(
  { model, madeBy }: Pick<Evaluated, 'model' | 'madeBy'>,
  cases: readonly EvaluatedCase[],
  seed: number,
): Evaluated {
  const sorted = byName(cases);
  const timed = sorted.every(({ seconds }) => seconds !== undefined);
  const dice = (one: EvaluatedCase): number => meanScores(one.structures).dice;
  return {
    model,
    madeBy,
    cases: sorted.toSorted((a, b) => dice(a) - dice(b)),
    summary: summariseCases(sorted, stream(seed, 'evaluation', 'summary')),
    small: summariseSmall(sorted, stream(seed, 'evaluation', 'small')),
    seconds: timed
      ? summarise(
          sorted.map(({ group, seconds }) => ({ group, value: seconds })),
          stream(seed, 'evaluation', 'seconds'),
        )
      : undefined,
  };
}

/** The paired differences of two models over the same cases, first less second. */
export const compareEvaluated = (first: Evaluated, second: Evaluated, seed: number): readonly StructureComparison[] =>
  compareCases(byName(first.cases), byName(second.cases), stream(seed, 'evaluation', 'comparison'));

const byName = (cases: readonly EvaluatedCase[]): readonly EvaluatedCase[] =>
  cases.toSorted((a, b) => (a.case < b.case ? -1 : 1));

/**
 * The unit that the distances of all cases are in.
 *
 * @throws Problem 'data' where some cases know their size and others do not: their distances have no common mean.
 */
export function commonUnit(cases: readonly { readonly case: string; readonly grid: Grid }[]): Grid['unit'] {
  const unit = cases[0]?.grid.unit ?? 'mm';
  const other = cases.find(({ grid }) => grid.unit !== unit);
  if (other === undefined) return unit;
  throw new Problem(
    'data',
    `voxels have a size in ${unit} in ${cases[0]!.case} and in ${other.grid.unit} in ${other.case}`,
    'spacing',
    'Evaluate them apart.',
  );
}
