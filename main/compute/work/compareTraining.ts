import { availableParallelism } from 'node:os';
import type { PieceAnswer } from '../pieces.ts';
import type { Worker } from '../workContext.ts';
import { openDataset } from '../../datasets/openDataset.ts';
import type { Evaluation } from '../../report/evaluation.ts';
import { openEngine } from '../../services/devices/openEngine.ts';
import { evaluateModel } from '../../services/evaluation/evaluateModel.ts';
import { findLibrary, openModelNamed } from '../../services/models/library.ts';
import { resolveSettings } from '../../services/segmentation/settings.ts';
import { casesOf } from '../../training/planDataset.ts';
import { readRun } from '../../training/run.ts';

type Comparison = PieceAnswer<'training:compare'>;

/** Both models are run in the same way, so that what differs is what the training did. */
export const compareTraining: Worker<'training:compare'> = async (ask, { signal, report }) => {
  const { split, method, seed, init } = await readRun(ask.run);
  const dataset = await openDataset(ask.dataset);
  const [after, before] = [
    await openModelNamed(ask.after, findLibrary()),
    await openModelNamed(ask.before, findLibrary()),
  ];
  const settings = resolveSettings(after, { method, seed });
  const isTested = casesOf(dataset, split.test).length > 0;
  const part = isTested ? 'test split' : 'validation split';
  const evaluation = await evaluateModel({
    dataset,
    part,
    cases: casesOf(dataset, isTested ? split.test : split.validation),
    entry: [{ model: after, settings }],
    rival: [{ model: before, settings }],
    engine: await openEngine('auto', availableParallelism()),
    allowSeen: true,
    tolerance: 1,
    memoryMiB: undefined,
    seed,
    signal,
    report,
  });
  const changed =
    init?.sha256 === before.sha256 ? [] : [`${ask.before} is no longer the model that the training went on from.`];
  return tableOf({ part, before: ask.before, after: ask.after }, evaluation, changed);
};

function tableOf(
  names: Pick<Comparison, 'part' | 'before' | 'after'>,
  { cases, summary, comparison, warnings }: Evaluation,
  changed: readonly string[],
): Comparison {
  const structures = summary.map(({ structure, metrics }, n): Comparison['structures'][number] => {
    const paired = comparison?.structures[n]?.metrics.dice;
    return {
      structure,
      before: comparison?.summary[n]?.metrics.dice?.mean ?? null,
      after: metrics.dice?.mean ?? null,
      difference: paired?.meanDifference ?? null,
      interval: paired?.interval ? [paired.interval.low, paired.interval.high] : null,
    };
  });
  return {
    ...names,
    cases: cases.length,
    structures,
    warnings: [...structures.flatMap(fallOf), ...changed, ...warnings],
  };
}

/** What a person must know before they use the new model. */
function fallOf({ structure, difference, interval }: Comparison['structures'][number]): string[] {
  if (difference === null || difference >= 0) return [];
  const certainty = interval !== null && interval[1] < 0 ? 'more than chance explains' : 'which may be chance';
  return [`The Dice of ${structure} fell by ${(-difference).toFixed(3)}, ${certainty}.`];
}
