import { basename, dirname, resolve } from 'node:path';
import { scoreCase, type Structure } from '../../../ml/evaluation/caseScores.ts';
import { overlap } from '../../datasets/dataset.ts';
import { readDescription } from '../../datasets/description.ts';
import { groupOf } from '../../datasets/groupOf.ts';
import { readPersons } from '../../datasets/readSplit.ts';
import { giveWay } from '../../jobs/cancellation.ts';
import { createProgress, type ReportProgress } from '../../jobs/progress.ts';
import { assemble, commonUnit } from './assemble.ts';
import { findPairs, type LabelPair } from './labelPairs.ts';
import { readPair } from './readLabels.ts';
import { checkValues, FoundStructures } from './structures.ts';
import type { Grid } from '../../../ml/volume/grid.ts';
import type { EvaluatedCase, Evaluation } from '../../report/evaluation.ts';

export interface PredictionsJob {
  /** A folder or a file each; see `findPairs`. */
  readonly predictions: string;
  readonly labels: string;
  /** Of the surface Dice, in the grids' unit. */
  readonly tolerance: number;
  /** See `DatasetOptions`. */
  readonly groupBy: string | undefined;
  readonly splitFile: string | undefined;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly report: ReportProgress;
}

/**
 * Scores label volumes that somebody made against references, on the references' own grids. Names of structures and persons are
 * taken from the data set that the references belong to, where files beside them say so.
 *
 * @throws Problem 'data' where volumes are missing, unreadable, no labels, or on different grids.
 */
export async function evaluatePredictions(job: PredictionsJob): Promise<Evaluation> {
  const { predictions, labels, tolerance, seed, groupBy } = job;
  const { pairs, folder, warnings } = await findPairs(predictions, labels);
  const dataset = dirname(resolve(folder));
  const { name = basename(dataset), labels: named } = await readDescription(dataset);
  const persons = await readPersons(dataset, [basename(dataset), name], job.splitFile);
  // Of structures that overlap, a value is what others leave of one: it does not bear its name.
  const alone = named && overlap(named) ? undefined : named;
  const structures = alone?.slice(1).map(({ value, name: structure }) => ({ value, name: structure }));
  const scored = await scorePairs(job, pairs, structures ?? (await findStructures(job, pairs)));
  const cases = scored.map(({ scores }): EvaluatedCase => {
    const group = persons.get(scores.case) ?? groupOf(scores.case, groupBy);
    return { ...scores, group, seconds: undefined, seen: undefined };
  });
  return {
    title: `${basename(resolve(predictions))} against ${basename(resolve(labels))}`,
    distanceUnit: commonUnit(scored.map(({ grid, scores }) => ({ case: scores.case, grid }))),
    tolerance,
    ...assemble({ model: basename(resolve(predictions)), madeBy: undefined }, cases, seed),
    warnings,
  };
}

async function findStructures(
  { labels, signal, report }: PredictionsJob,
  pairs: readonly LabelPair[],
): Promise<readonly Structure[]> {
  const found = new FoundStructures();
  const progress = createProgress('Reading', pairs.length, report);
  for (const [index, pair] of pairs.entries()) {
    await giveWay(signal);
    const { prediction, reference } = await readPair(pair);
    found.add(prediction, pair.prediction);
    found.add(reference, pair.reference);
    progress(index + 1);
  }
  return found.list(labels);
}

interface Scored {
  readonly grid: Grid;
  readonly scores: Pick<EvaluatedCase, 'case' | 'structures'>;
}

async function scorePairs(
  { tolerance, signal, report }: PredictionsJob,
  pairs: readonly LabelPair[],
  structures: readonly Structure[],
): Promise<readonly Scored[]> {
  const progress = createProgress('Scoring', pairs.length, report);
  const scored: Scored[] = [];
  for (const [index, pair] of pairs.entries()) {
    await giveWay(signal);
    const { grid, prediction, reference } = await readPair(pair);
    checkValues(prediction, structures, pair.prediction);
    checkValues(reference, structures, pair.reference);
    const scores = scoreCase(prediction, reference, grid, structures, tolerance);
    scored.push({ grid, scores: { case: pair.case, structures: scores } });
    progress(index + 1);
  }
  return scored;
}
