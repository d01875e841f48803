import { meanScores, type Metric, metrics } from '../../ml/evaluation/caseScores.ts';
import { csvText } from '../files/csv.ts';
import type { EvaluatedCase, Evaluation } from './evaluation.ts';
import { evaluationPage } from './evaluationPage.ts';

/** The files of an evaluation, by name. */
export function evaluationFiles(
  evaluation: Evaluation,
): Readonly<Record<'metrics.json' | 'metrics.csv' | 'report.html', string>> {
  return {
    'metrics.json': json(evaluation),
    'metrics.csv': csv(evaluation.cases),
    'report.html': evaluationPage(evaluation),
  };
}

/** A number that does not exist is `null`, never left out: a reader can tell it from a typing error in a name. */
function json(evaluation: Evaluation): string {
  const { cases, ...rest } = { ...evaluation, pictures: undefined };
  const rows = cases.map(({ structures, ...one }) => ({ ...one, mean: meanScores(structures), structures }));
  const document = { schema: 1, ...rest, cases: rows };
  return `${JSON.stringify(document, (_, value: unknown) => (value === undefined ? null : value), 2)}\n`;
}

/** One line a case and structure; a missing number is an empty field (RFC 4180). */
function csv(cases: readonly EvaluatedCase[]): string {
  const head = [
    'case',
    'group',
    'value',
    'structure',
    'predictedVoxels',
    'referenceVoxels',
    ...metrics,
    'seconds',
    'seen',
  ];
  const lines = cases.flatMap((one) =>
    one.structures.map((scores) => {
      const { structure, predictedVoxels, referenceVoxels } = scores;
      const numbers = [
        predictedVoxels,
        referenceVoxels,
        ...metrics.map((metric: Metric) => scores[metric]),
        one.seconds,
      ];
      return [one.case, one.group, structure.value, structure.name, ...numbers, one.seen];
    }),
  );
  return csvText([head, ...lines]);
}
