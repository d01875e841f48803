import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Job } from '../../../main/contract/jobs.ts';
import { hippocampus } from '../datasets/folders.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { jobIn, testHost, type TestHost } from './testHost.ts';

const scan = join(hippocampus, 'imagesTr', 'hippocampus_025.nii.gz');

/** The tests' data set with its structures under the names that the shipped model knows. */
function namedAsTheModel(): string {
  const folder = temporaryFolder();
  cpSync(hippocampus, folder, { recursive: true });
  const path = join(folder, 'dataset.json');
  const text = readFileSync(path, 'utf8').replaceAll(/"(Anterior|Posterior)"/g, (name) =>
    name.toLowerCase().replace(/"$/, ' hippocampus"'),
  );
  writeFileSync(path, text);
  return folder;
}

/** Begins a training that will take longer than the test. */
async function begunTraining(host: TestHost): Promise<{ readonly run: string; readonly job: string }> {
  const { dataset } = await host.ask('datasets:open', { folder: namedAsTheModel() });
  const settings = { method: 'direct', preset: 'small', minutes: 60, init: 'hippocampus' } as const;
  return host.ask('training:start', { dataset, name: 'mine', ...settings });
}

/** Once the training learns: what it is made of is written by then. */
const measured = ({ client }: TestHost): Promise<unknown> =>
  new Promise((resolve) => client.on('training:metric', resolve));

/** Begins what takes long, by the kind of the job. */
const begin: Readonly<Record<Job['kind'], (host: TestHost) => Promise<string>>> = {
  segmentation: async ({ ask }) => {
    const [study] = (await ask('studies:open', { paths: [scan] })).studies;
    const what = { study: study!.study, channels: [study!.volumes[0]!.volume], model: 'hippocampus' };
    return (await ask('segmentations:run', { ...what, method: 'diffusion', samples: 64, steps: 100 })).job;
  },
  dataset: async ({ ask }) => {
    const sources = ['imagesTr', 'labelsTr'].map((folder) => join(hippocampus, folder));
    return (await ask('datasets:build', { name: 'built', sources, segmentations: [] })).job;
  },
  training: async (host) => (await begunTraining(host)).job,
  comparison: async (host) => {
    const { run } = await begunTraining(host);
    await measured(host);
    await host.ask('training:stop', { run });
    // As if it had ended with the model that it began with.
    const record = join(host.workspace, 'runs', run, 'start.json');
    const start = JSON.parse(readFileSync(record, 'utf8')) as object;
    writeFileSync(record, JSON.stringify({ ...start, model: 'hippocampus' }));
    return (await host.ask('training:compare', { run })).job;
  },
};

/** Once the job says how long it is going to take. */
const toldTimeLeft = ({ client }: TestHost, job: string): Promise<void> =>
  new Promise((resolve, reject) => {
    client.on('job:changed', (changed) => {
      if (changed.job !== job) return;
      if (typeof changed.progress?.secondsLeft === 'number') resolve();
      else if (changed.endedAt !== null) reject(new Error(`${changed.state}: ${changed.problem?.what}`));
    });
  });

describe.each(Object.keys(begin) as Job['kind'][])('a job of the kind %s', (kind) => {
  it('tells the time left, and stops within a second', async () => {
    const host = await testHost();
    const job = await begin[kind](host);
    await toldTimeLeft(host, job);
    const told = performance.now();
    expect(await host.ask('jobs:cancel', { job })).toMatchObject({ kind, state: 'cancelled', progress: null });
    expect(performance.now() - told).toBeLessThan(1000);
    expect(await jobIn(host, job)).toMatchObject({ state: 'cancelled' });
  });
});

it('a training whose job is lost goes on from where it was', async () => {
  const host = await testHost();
  const { run, job } = await begunTraining(host);
  await toldTimeLeft(host, job);
  await host.ask('training:stop', { run });
  await host.ask('jobs:forget', { job });
  const resumed = await host.ask('training:resume', { run });
  expect(resumed.job).not.toBe(job);
  await toldTimeLeft(host, resumed.job);
  expect(await host.ask('training:list', {})).toMatchObject([{ run, job: resumed.job }]);
  await host.ask('jobs:cancel', { job: resumed.job });
});

it('a data set that is stopped leaves nothing', async () => {
  const host = await testHost();
  const job = await begin.dataset(host);
  await host.ask('jobs:cancel', { job });
  expect(readdirSync(join(host.workspace, 'datasets'))).toEqual([]);
  expect(existsSync(join(host.workspace, 'datasets.json'))).toBe(false);
});
