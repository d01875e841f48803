import { resolve } from 'node:path';
import { Problem } from '../../ml/check/problem.ts';
import type { PlanOptions } from '../../ml/data/plan/plan.ts';
import type { Engine } from '../../ml/engines/engine.ts';
import type { LabelledCase } from '../datasets/dataset.ts';
import { openDataset, type DatasetOptions } from '../datasets/openDataset.ts';
import { prepareCache } from '../datasets/prepareCache.ts';
import { lockFolder } from '../files/lock.ts';
import type { ReportProgress } from '../jobs/progress.ts';
import type { Model } from '../services/models/folder.ts';
import { findLibrary, openModelNamed } from '../services/models/library.ts';
import type { Metric } from './metrics.ts';
import { casesOf, planDataset } from './planDataset.ts';
import { isThere, runPaths, type RunDraft, type RunRecord } from './run.ts';
import { checkMethod, type Settings } from './settings.ts';
import { startFromModel } from './startFromModel.ts';
import { train, type TrainResult } from './train.ts';
import { writeTrainedModel } from './trainedModel.ts';

/** What a new run is made of; the rest the data set says. */
export interface DraftOptions
  extends
    Pick<RunDraft, 'method' | 'strategy' | 'seed' | 'threads' | 'budget'>,
    Omit<PlanOptions, 'asked'>,
    DatasetOptions {
  readonly dataset: string;
  /** Where it is going to be trained. */
  readonly folder: string;
  readonly settings: Settings;
  /** A model of the library, or the folder of one, that the weights go on from. */
  readonly init?: string | undefined;
  readonly signal: AbortSignal;
  readonly report: ReportProgress;
}

/**
 * Plans a training of a data set.
 *
 * @throws Problem 'data' where one is in the folder already, or there is too little to train on.
 */
export async function draftRun({ folder, settings, init, ...options }: DraftOptions): Promise<RunDraft> {
  if (await isThere(runPaths(folder).record))
    throw new Problem('data', 'a training is there already', folder, 'Go on with --resume, or choose another folder.');
  const { method, strategy, seed, threads, budget, dataset: path } = options;
  checkMethod(method, strategy, settings);
  const { dataset, split, plan } = await planDataset({ ...options, folder: path, asked: settings });
  const draft: RunDraft = {
    schema: 1,
    dataset: { name: dataset.name, licence: dataset.licence ?? null, folder: resolve(path) },
    labels: dataset.labels.map(({ value, name, colour, covers }) => ({
      value,
      name,
      colour: colour ?? null,
      ...(covers ? { covers: [...covers] } : {}),
    })),
    split: { train: [...split.train], validation: [...split.validation], test: [...split.test] },
    plan,
    init: null,
    method,
    strategy,
    seed,
    settings,
    threads,
    budget,
  };
  if (init === undefined) return draft;
  return startFromModel(draft, await openModelNamed(init, findLibrary()), options.memoryMiB);
}

export interface TrainDatasetJob extends DatasetOptions {
  readonly dataset: string;
  readonly folder: string;
  readonly run: RunRecord | RunDraft;
  readonly engine: Engine;
  readonly signal: AbortSignal;
  readonly report: ReportProgress;
  readonly onResumable: (record: RunRecord) => void;
  readonly onMetric?: ((metric: Metric) => void) | undefined;
}

/**
 * Trains a run to its end and makes a model folder of it, `FOLDER/model`.
 *
 * @throws Problem 'data' where another process trains there, cases are missing, or the loss diverges; 'cancelled'.
 */
export async function trainDataset(job: TrainDatasetJob): Promise<{ result: TrainResult; model: Model }> {
  const unlock = await lockFolder(job.folder, 'is training here');
  try {
    const cases = await prepare(job);
    const result = await train(job);
    return { result, model: await writeTrainedModel(job.folder, result, cases) };
  } finally {
    await unlock();
  }
}

async function prepare(job: TrainDatasetJob): Promise<readonly LabelledCase[]> {
  const { dataset: path, folder, run, signal, report } = job;
  const { split, plan } = run;
  const dataset = await openDataset(path, job);
  const cases = casesOf(dataset, [...split.train, ...split.validation]);
  if (cases.length !== split.train.length + split.validation.length)
    throw new Problem(
      'data',
      'cases of the training are missing from the data set',
      path,
      'Name the data set that it was started with.',
    );
  await prepareCache({ folder: runPaths(folder).cache, dataset, cases, plan, signal, report });
  return cases;
}
