import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DiskCases } from '../../../main/datasets/diskCases.ts';
import { openLoader } from '../../../main/datasets/loader.ts';
import type { LoaderOptions } from '../../../main/datasets/loader.ts';
import { Problem } from '../../../ml/check/problem.ts';
import { defaultAugmentation } from '../../../ml/data/augmentation/settings.ts';
import { drawBatch } from '../../../ml/data/batch.ts';
import { bytesOf } from '../../ml/data/arrayCases.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { prepareHippocampi } from './preparedHippocampus.ts';

let cacheFolder = '';
let ids: readonly string[] = [];

beforeAll(async () => {
  cacheFolder = mkdtempSync(join(tmpdir(), 'sfumato-test-'));
  ids = (await prepareHippocampi(cacheFolder, 4)).map(({ id }) => id);
});
afterAll(() => {
  rmSync(cacheFolder, { recursive: true, force: true });
});

const options = (change: Partial<LoaderOptions> = {}): LoaderOptions => ({
  cacheFolder,
  plan: { patch: [32, 40, 32], spacing: [1, 1, 1], context: 0 },
  cases: ids,
  seed: 3,
  batchSize: 2,
  startStep: 0,
  augmentation: defaultAugmentation,
  ...change,
});

async function take(count: number, change: Partial<LoaderOptions> = {}) {
  const loader = openLoader(options(change));
  const batches = [];
  for (let n = 0; n < count; n++) batches.push(await loader.next());
  await loader.close();
  return batches;
}

const threadCount = () =>
  process.getActiveResourcesInfo().filter((name) => name === 'MessagePort' || name === 'Worker').length;

describe('openLoader', () => {
  it('gives the batches of the steps in order, the same bytes as without threads', async () => {
    const source = new DiskCases(cacheFolder, 2 ** 26);
    const { plan, cases, seed, batchSize, augmentation } = options();
    const recipe = { plan, cases: cases.map((id) => source.find(id)), seed, batchSize, augmentation };
    const batches = await take(6);
    batches.forEach((batch, step) => {
      expect(batch.step).toBe(step);
      expect(bytesOf(batch) === bytesOf(drawBatch(source, recipe, step))).toBe(true);
    });
  });

  it('gives the same bytes with any number of threads, read ahead and memory, and from any step on', async () => {
    const whole = (await take(6)).map(bytesOf);
    const otherwise = (await take(6, { threads: 3, ahead: 1, memoryMiB: 0.01 })).map(bytesOf);
    const resumed = (await take(2, { startStep: 4, ahead: 7 })).map(bytesOf);
    expect(otherwise.map((bytes, step) => bytes === whole[step])).toEqual(new Array(6).fill(true));
    expect(resumed.map((bytes, n) => bytes === whole[4 + n])).toEqual([true, true]);
  });

  it('gives a problem of a thread as the same problem', async () => {
    const broken = temporaryFolder();
    await prepareHippocampi(broken, 1);
    rmSync(join(broken, 'index.json'));
    const loader = openLoader(options({ cacheFolder: broken, cases: ids.slice(0, 1) }));
    const error: unknown = await loader.next().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Problem);
    expect(error).toMatchObject({ kind: 'data', where: join(broken, 'index.json') });
    await loader.close();
  });

  it('tells a case that was not prepared', async () => {
    const loader = openLoader(options({ cases: ['nobody'] }));
    await expect(loader.next()).rejects.toThrow(/nobody was not prepared/);
    await loader.close();
  });

  it('tells who waits when it is closed, and leaves no thread behind', async () => {
    const before = threadCount();
    const loader = openLoader(options({ threads: 2 }));
    expect(threadCount()).toBeGreaterThan(before);
    const waiting = loader.next();
    const closed = expect(waiting).rejects.toMatchObject({ kind: 'cancelled' });
    await loader.close();
    await closed;
    await expect(loader.next()).rejects.toMatchObject({ kind: 'cancelled' });
    expect(threadCount()).toBe(before);
  });
});
