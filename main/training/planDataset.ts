import { Problem } from '../../ml/check/problem.ts';
import { plan, type PlanOptions } from '../../ml/data/plan/plan.ts';
import { isLabelled, overlap, type Dataset, type LabelledCase, type Split } from '../datasets/dataset.ts';
import { openDataset, type DatasetOptions } from '../datasets/openDataset.ts';
import { splitCases } from '../datasets/splitCases.ts';
import { summariseCases } from '../datasets/summariseCases.ts';
import type { Plan } from '../../ml/data/plan/planSchema.ts';
import type { ReportProgress } from '../jobs/progress.ts';

export interface PlannedDataset {
  readonly dataset: Dataset;
  readonly split: Split;
  readonly plan: Plan;
}

export interface PlanJob extends PlanOptions, DatasetOptions {
  readonly folder: string;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly report: ReportProgress;
}

/**
 * Opens a data set, splits it by patient and configures a training from the training cases alone.
 *
 * @throws Problem 'data' where there is nothing to train on or to validate with.
 */
export async function planDataset({ folder, seed, signal, report, ...options }: PlanJob): Promise<PlannedDataset> {
  const dataset = await openDataset(folder, options);
  const overlapping = overlap(dataset.labels);
  if (overlapping && options.asked?.classes === 'exclusive')
    throw new Problem('usage', 'the structures of this data set overlap', '--set classes', 'Leave it out.');
  const split = splitCases(dataset, seed);
  if (split.train.length === 0 || split.validation.length === 0)
    throw new Problem(
      'data',
      'too few patients to train on some and validate on others',
      folder,
      'At least two patients with labels are needed.',
    );
  const fingerprint = await summariseCases(dataset, casesOf(dataset, split.train), signal, report);
  return { dataset, split, plan: plan(fingerprint, { ...options, overlapping }) };
}

/** The labelled cases of these ids, in their order. */
export function casesOf(dataset: Dataset, ids: readonly string[]): readonly LabelledCase[] {
  const labelled = new Map(dataset.cases.filter(isLabelled).map((entry) => [entry.id, entry]));
  return ids.flatMap((id) => labelled.get(id) ?? []);
}
