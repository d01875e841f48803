import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { Problem } from '../../../ml/check/problem.ts';
import { openOnnxRuntime } from '../../../ml/engines/onnxruntime/engine.ts';
import { openDataset } from '../../../main/datasets/openDataset.ts';
import { prepareCache } from '../../../main/datasets/prepareCache.ts';
import { loadCheckpoint } from '../../../main/training/checkpoint.ts';
import { casesOf } from '../../../main/training/planDataset.ts';
import { readRun, runPaths, type RunDraft, type RunRecord } from '../../../main/training/run.ts';
import { train, type TrainResult } from '../../../main/training/train.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { hippocampus } from '../datasets/folders.ts';
import { beginTinyRun, tinyRun, type TinyRun } from './tinyRun.ts';
import type { Progress } from '../../../main/jobs/progress.ts';

const engine = await openOnnxRuntime({ device: 'cpu', threads: 2 });

interface Sitting {
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/** Prepares the images and trains, as the command does. */
async function sit(
  folder: string,
  run: RunRecord | RunDraft,
  { onProgress, signal }: Sitting = {},
): Promise<TrainResult> {
  const dataset = await openDataset(hippocampus);
  const idle = new AbortController().signal;
  const cases = casesOf(dataset, [...run.split.train, ...run.split.validation]);
  mkdirSync(folder, { recursive: true });
  const cache = { folder: runPaths(folder).cache, dataset, cases, plan: run.plan, signal: idle };
  await prepareCache({ ...cache, report: () => undefined });
  return train({
    folder,
    run,
    engine,
    signal: signal ?? idle,
    report: onProgress ?? (() => undefined),
    onResumable: () => undefined,
  });
}

async function trained(
  run: TinyRun,
): Promise<{ readonly folder: string; readonly best: Buffer; readonly state: unknown }> {
  const folder = temporaryFolder();
  await sit(folder, await beginTinyRun(folder, run));
  const { state } = await loadCheckpoint(runPaths(folder).checkpoint);
  return { folder, best: readFileSync(runPaths(folder).best), state };
}

interface Line {
  readonly kind: string;
  readonly step: number;
  readonly loss?: number;
}

const linesOf = (folder: string): readonly Line[] =>
  readFileSync(runPaths(folder).metrics, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

describe('a training', () => {
  it.each(['direct', 'diffusion'] as const)(
    'with one seed gives the same bytes, with another others (%s)',
    async (method) => {
      const [first, again, other] = [
        await trained({ method, steps: 4 }),
        await trained({ method, steps: 4 }),
        await trained({ method, steps: 4, seed: 1 }),
      ];
      expect(again.state).toEqual(first.state);
      expect(again.best.equals(first.best)).toBe(true);
      expect(other.best.equals(first.best)).toBe(false);
    },
  );

  it('learns: its loss falls', async () => {
    const { folder } = await trained({
      steps: 60,
      settings: { learningRate: 0.01, augmentation: 'off', validations: 1 },
    });
    const losses = linesOf(folder).flatMap(({ loss }) => loss ?? []);
    expect(losses).toHaveLength(6);
    expect(losses.at(-1)).toBeLessThan(0.5 * losses[0]!);
  });

  it('writes its means every ten steps and each validation to metrics.jsonl', async () => {
    const { folder } = await trained({ steps: 20, settings: { validations: 4, patience: 9 } });
    const at = (kind: string) => linesOf(folder).flatMap((line) => (line.kind === kind ? line.step : []));
    expect(at('training')).toEqual([10, 20]);
    expect(at('validation')).toEqual([5, 10, 15, 20]);
  });

  it('leaves a picture of what its last validation saw', async () => {
    const { folder } = await trained({ steps: 2, settings: { validations: 1 } });
    const { width, height } = decode(readFileSync(runPaths(folder).picture));
    expect(width).toBeGreaterThan(height);
  });

  it('stops early when validation gets no better, and is over then', async () => {
    const folder = temporaryFolder();
    // A network that does not move is never better than at its first validation.
    const settings = { validations: 20, patience: 2, learningRate: 1e-30, finalLearningRate: 1e-30, emaDecay: 0 };
    const record = await beginTinyRun(folder, { steps: 20, settings });
    expect(await sit(folder, record)).toMatchObject({ steps: 3, best: { step: 1 } });
    const before = readFileSync(runPaths(folder).best);
    expect(await sit(folder, record)).toMatchObject({ steps: 3, best: { step: 1 } });
    expect(readFileSync(runPaths(folder).best).equals(before)).toBe(true);
  });
});

describe('a training for minutes', () => {
  it('turns them into steps once, and is then the training of that many steps', async () => {
    const folder = temporaryFolder();
    const { steps: unset, ...rest } = await tinyRun({ steps: 1, settings: { validations: 1 } });
    expect(unset).toBe(1);
    const stop = new AbortController();
    const first = sit(
      folder,
      { ...rest, budget: { minutes: 0.03 } },
      {
        signal: stop.signal,
        onProgress: ({ done }) => {
          if (done === 2) stop.abort(new Problem('cancelled', 'stopped', 'test', 'Go on.'));
        },
      },
    );
    await expect(first).rejects.toMatchObject({ kind: 'cancelled' });
    const record = await readRun(folder);
    expect(record.steps).toBeGreaterThan(2);
    const result = await sit(folder, record);
    expect(result.record).toEqual(record);
    expect(result.steps).toBe(record.steps);
    const { state } = await trained({ steps: record.steps, settings: { validations: 1 } });
    expect((await loadCheckpoint(runPaths(folder).checkpoint)).state).toEqual(state);
  });
});

describe('a training that diverges', () => {
  it('stops with what to do and keeps what was saved before', async () => {
    const folder = temporaryFolder();
    const calm = await beginTinyRun(folder, { steps: 40, settings: { validations: 20, emaDecay: 0 } });
    const stop = new AbortController();
    const first = sit(folder, calm, {
      signal: stop.signal,
      onProgress: ({ done }) => {
        if (done === 4) stop.abort(new Problem('cancelled', 'stopped', 'test', 'Go on.'));
      },
    });
    await expect(first).rejects.toMatchObject({ kind: 'cancelled' });
    const best = readFileSync(runPaths(folder).best);
    // As if it had run at such a rate from here on.
    const wild = { ...calm, settings: { ...calm.settings, learningRate: 1e6, warmup: 0 } };
    await expect(sit(folder, wild)).rejects.toMatchObject({
      kind: 'data',
      what: expect.stringMatching(/^the training diverged: /) as unknown,
      remedy: expect.stringMatching(/saved before is kept.+--set learningRate/) as unknown,
    });
    const { progress, state } = await loadCheckpoint(runPaths(folder).checkpoint);
    expect(progress.step).toBeGreaterThanOrEqual(4);
    expect(progress.step).toBeLessThan(10);
    expect(Object.values(state).every((values) => values.every(Number.isFinite))).toBe(true);
    expect(readFileSync(runPaths(folder).best).equals(best)).toBe(true);
  });

  it('does so from its first steps too', async () => {
    const folder = temporaryFolder();
    const record = await beginTinyRun(folder, { steps: 40, settings: { learningRate: 1e6, validations: 1 } });
    await expect(sit(folder, record)).rejects.toMatchObject({
      kind: 'data',
      what: expect.stringMatching(/^the training diverged: loss .+, gradient norm /) as unknown,
      where: expect.stringMatching(/^step [2-5]$/) as unknown,
    });
    expect(existsSync(runPaths(folder).model)).toBe(false);
  });
});

describe('a record of a run', () => {
  it('is written once, and refused where it is damaged', async () => {
    const folder = temporaryFolder();
    const record = await beginTinyRun(folder, { steps: 3 });
    expect(await readRun(folder)).toEqual(record);
    await expect(beginTinyRun(folder)).rejects.toMatchObject({ kind: 'data', what: 'this exists already' });
    await expect(readRun(join(folder, 'nowhere'))).rejects.toMatchObject({ kind: 'data' });
  });
});
