import { Problem } from '../../ml/check/problem.ts';
import type { ComputeProcess } from '../compute/computeProcess.ts';
import type { Answer } from '../contract/calls.ts';
import type { Handlers } from '../contract/serve.ts';
import type { AuditTrail } from '../workspace/audit/auditTrail.ts';
import type { JobQueue } from '../workspace/jobs/jobQueue.ts';
import type { DatasetList } from '../workspace/training/datasetList.ts';
import { asRun, type RunShelf, type Start } from '../workspace/training/runShelf.ts';
import { newId } from '../workspace/workspace.ts';

interface Needs {
  readonly datasets: DatasetList;
  readonly runs: RunShelf;
  readonly reader: ComputeProcess;
  readonly queue: JobQueue;
  readonly audit: AuditTrail;
}

export const trainingHandlers = (needs: Needs) => ({ ...datasetHandlers(needs), ...runHandlers(needs) });

const datasetHandlers = ({ datasets, reader, queue }: Needs) =>
  ({
    'datasets:list': () => datasets.list(),
    'datasets:open': ({ folder }) => datasets.open(folder),
    'datasets:build': ({ name, sources, segmentations }) => {
      if (sources.length + segmentations.length === 0)
        throw new Problem('usage', 'there is nothing to build of', name, 'Choose folders or corrected segmentations.');
      const work = { kind: 'dataset' as const, dataset: newId(), name, sources, segmentations };
      return { job: queue.add(work, { title: name, study: null, run: null }).job };
    },
    'datasets:check': async ({ dataset }) => reader.run('dataset:check', { folder: await datasets.folderOf(dataset) }),
    'datasets:split': async ({ dataset, seed }) =>
      reader.run('dataset:split', { folder: await datasets.folderOf(dataset), seed }),
    'datasets:plan': async ({ dataset, preset }) =>
      reader.run('dataset:plan', { folder: await datasets.folderOf(dataset), preset }),
  }) satisfies Partial<Handlers>;

const runHandlers = (needs: Needs) => {
  const { datasets, runs, reader, queue, audit } = needs;
  const withJob = async (run: string, change: (job: string) => unknown): Promise<Answer<'training:resume'>> => {
    const start = await runs.get(run);
    if (start.job === null) throw new Problem('data', 'the training was never started', start.name, 'Start a new one.');
    await change(start.job);
    return asRun(start, start.job);
  };
  return {
    'training:list': () => runs.list(),
    'training:start': async (ask) => {
      const folder = await datasets.folderOf(ask.dataset);
      const { name } = await reader.run('dataset:open', { folder });
      const start = await runs.begin(ask, { name, folder });
      const { run, minutes, method, seed } = start;
      const started = await enqueue(start, needs);
      await audit.note('started a training', { run, minutes, method, seed });
      return started;
    },
    'training:pause': ({ run }) => withJob(run, (job) => queue.stop(job, 'paused')),
    'training:resume': async ({ run }) => {
      const start = await runs.get(run);
      const isLost = start.model === null && (start.job === null || !queue.has(start.job));
      return isLost ? enqueue(start, needs) : withJob(run, (job) => queue.retry(job));
    },
    'training:stop': ({ run }) => withJob(run, (job) => queue.stop(job, 'cancelled')),
    'training:metrics': ({ run }) => runs.metrics(run),
    'training:picture': ({ run }) => runs.picture(run),
    'training:compare': async ({ run }) => {
      const { name, init, model } = await runs.get(run);
      if (model === null)
        throw new Problem('usage', 'the training is not over', name, 'Wait for its end, or resume it.');
      if (init === null)
        throw new Problem('usage', 'the training began with random weights', name, 'Evaluate its model instead.');
      return { job: queue.add({ kind: 'comparison', run }, { title: `${init} and ${model}`, study: null, run }).job };
    },
    'training:comparison': async ({ run }) => runs.comparison((await runs.get(run)).run),
  } satisfies Partial<Handlers>;
};

/** Its earlier job may be forgotten, or lost with a damaged list of jobs; the training itself is in its folder. */
async function enqueue({ run, name }: Start, { queue, runs }: Needs): Promise<Answer<'training:start'>> {
  const { job } = queue.add({ kind: 'training', run }, { title: name, study: null, run });
  return asRun(await runs.change(run, { job }), job);
}
