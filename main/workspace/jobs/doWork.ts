import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { invariant } from '../../../ml/check/invariant.ts';
import type { ComputeProcess } from '../../compute/computeProcess.ts';
import type { Update } from '../../compute/pieces.ts';
import type { Emit } from '../../contract/serve.ts';
import { caseName } from '../../imaging/caseName.ts';
import { createProgress } from '../../jobs/progress.ts';
import type { AuditTrail } from '../audit/auditTrail.ts';
import type { ModelDescription } from '../../services/models/description.ts';
import { findLibrary, openModelNamed } from '../../services/models/library.ts';
import { addTrainedModel } from '../../services/models/addTrained.ts';
import type { SegmentationShelf } from '../segmentations/shelf.ts';
import type { StudyLibrary } from '../studies/library.ts';
import { type DatasetList } from '../training/datasetList.ts';
import type { RunShelf } from '../training/runShelf.ts';
import type { WorkspacePaths } from '../workspace.ts';
import type { DoWork, JobContext } from './jobQueue.ts';
import type { Work } from './jobStore.ts';
import type { Previews } from './previews.ts';

/** What doing jobs needs. */
export interface WorkTools {
  readonly paths: WorkspacePaths;
  readonly worker: ComputeProcess;
  /** For trainings, which leave the processor to everything else. */
  readonly trainer: ComputeProcess;
  readonly library: StudyLibrary;
  readonly shelf: SegmentationShelf;
  readonly datasets: DatasetList;
  readonly runs: RunShelf;
  readonly previews: Previews;
  readonly audit: AuditTrail;
  readonly emit: Emit;
}

type Doing<Kind extends Work['kind']> = (
  work: Extract<Work, { kind: Kind }>,
  context: JobContext,
  tools: WorkTools,
) => ReturnType<DoWork>;

export const createDoWork =
  (tools: WorkTools): DoWork =>
  (work, context) => {
    switch (work.kind) {
      case 'segmentation':
        return segment(work, context, tools);
      case 'dataset':
        return build(work, context, tools);
      case 'training':
        return train(work, context, tools);
      case 'comparison':
        return compare(work, context, tools);
    }
  };

const segment: Doing<'segmentation'> = async (work, context, tools) => {
  const { study, segmentation, channels: volumes, model, method, samples, steps, start, augment, seed } = work;
  const { library, shelf, worker, previews, audit, emit } = tools;
  const { description } = await openModelNamed(model, findLibrary());
  const channels = await channelsOf(volumes, description, library);
  const prior = work.prior && (await priorOf(work.prior, shelf));
  const onUpdate = (update: Update): void => {
    if (update.kind === 'progress') context.progress(update.progress);
    if (update.kind !== 'preview') return;
    previews.set(context.job, update);
    emit('segmentation:preview', { job: context.job, samples: update.samples, of: update.of });
  };
  const out = shelf.folderOf(study, segmentation);
  await mkdir(out, { recursive: true });
  try {
    await worker.run(
      'segment',
      { channels, out, model, method, samples, steps, start, augment, prior, seed },
      { signal: context.signal, onUpdate },
    );
  } catch (error) {
    await rm(out, { recursive: true, force: true });
    throw error;
  } finally {
    previews.delete(context.job);
  }
  const structures = description.labels
    .slice(1)
    .map(({ value, name, colour }) => ({ value, name, colour, locked: false }));
  await shelf.add({ segmentation, study, volume: volumes[0]!, name: description.name }, structures);
  await audit.note('segmented', {
    study,
    segmentation,
    model: description.name,
    version: description.version,
    seed,
  });
  emit('segmentations:changed', { study });
  return { kind: 'segmentation', study, segmentation };
};

/** The files of the volumes, under the names by which the model knows them. */
const channelsOf = (volumes: readonly string[], { channels }: ModelDescription, library: StudyLibrary) =>
  Promise.all(
    volumes.map(async (volume, n) => ({ name: channels[n]?.name ?? volume, path: await library.pathOf(volume) })),
  );

const priorOf = async (
  prior: NonNullable<Extract<Work, { kind: 'segmentation' }>['prior']>,
  shelf: SegmentationShelf,
) => ('model' in prior ? prior : { file: await shelf.mapPath(prior.segmentation, 'mask') });

const build: Doing<'dataset'> = async (work, { signal, progress }, tools) => {
  const { paths, worker, datasets, audit } = tools;
  const out = join(paths.datasets, caseName(work.name));
  const gathered = await mkdtemp(join(paths.datasets, '.gathered-'));
  try {
    await gather(work.segmentations, gathered, { signal, progress }, tools);
    const sources = work.segmentations.length > 0 ? [...work.sources, gathered] : work.sources;
    const onUpdate = (update: Update): void => {
      if (update.kind === 'progress') progress(update.progress);
    };
    const { cases } = await worker.run('dataset:build', { sources, out }, { signal, onUpdate });
    const { dataset } = await datasets.open(out);
    await audit.note('built a data set', { dataset, cases, segmentations: work.segmentations.length });
    return { kind: 'dataset', dataset };
  } finally {
    await rm(gathered, { recursive: true, force: true });
  }
};

/** Images and labels side by side, under the ids of their studies: what comes of one study is of one person. */
async function gather(
  segmentations: readonly string[],
  folder: string,
  { signal, progress }: Pick<JobContext, 'signal' | 'progress'>,
  { library, shelf, worker }: WorkTools,
): Promise<void> {
  const gathered = createProgress('Gathering segmentations', segmentations.length, progress);
  await mkdir(join(folder, 'images'));
  await mkdir(join(folder, 'labels'));
  for (const [n, id] of segmentations.entries()) {
    const { study, volume, structures } = await shelf.get(id);
    const image = { from: await library.pathOf(volume), to: join(folder, 'images', `${study}.nii.gz`) };
    const label = { from: await shelf.mapPath(id, 'mask'), to: join(folder, 'labels', `${study}.seg.nrrd`) };
    await worker.run('image:export', { ...image, structures: null, replace: true }, { signal });
    await worker.run('image:export', { ...label, structures, replace: true }, { signal });
    gathered(n + 1);
  }
}

const train: Doing<'training'> = async ({ run }, { signal, progress }, { runs, trainer, audit, emit }) => {
  const { folder: dataset, method, preset, minutes, seed, init, name } = await runs.get(run);
  const onUpdate = (update: Update): void => {
    if (update.kind === 'progress') progress(update.progress);
    if (update.kind === 'metric') emit('training:metric', { run, metric: update.metric });
    if (update.kind === 'resumable') {
      const { steps, structures, unknown } = update;
      void runs.change(run, { steps, structures, unknown }).catch(() => undefined);
    }
  };
  const ask = { dataset, out: runs.workOf(run), method, preset, minutes, seed, init };
  const { model: folder, dice } = await trainer.run('train', ask, { signal, onUpdate });
  const model = await addTrainedModel(folder, name, findLibrary());
  const { steps } = await runs.change(run, { model });
  invariant(steps !== null, 'a training that ended had settled its steps');
  await audit.note('trained', { run, model, dice, steps });
  return { kind: 'training', run, model };
};

/** What the training gained or lost, on cases that it did not learn from. */
const compare: Doing<'comparison'> = async ({ run }, { signal, progress }, { runs, worker, audit }) => {
  const { folder: dataset, init: before, model: after } = await runs.get(run);
  invariant(before !== null && after !== null, 'only a finished training that went on from a model is compared');
  const onUpdate = (update: Update): void => {
    if (update.kind === 'progress') progress(update.progress);
  };
  const ask = { dataset, run: runs.workOf(run), before, after };
  const comparison = await worker.run('training:compare', ask, { signal, onUpdate });
  await runs.keepComparison(run, comparison);
  await audit.note('compared', { run, before, after, cases: comparison.cases });
  return { kind: 'comparison', run };
};
