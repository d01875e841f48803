import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Problem } from '../../../../ml/check/problem.ts';
import { ComputeEnded } from '../../../../main/compute/computeProcess.ts';
import { jobSchema, type Job } from '../../../../main/contract/jobs.ts';
import { type DoWork, JobQueue } from '../../../../main/workspace/jobs/jobQueue.ts';
import { Notices } from '../../../../main/workspace/records/notices.ts';
import { Records } from '../../../../main/workspace/records/records.ts';
import { JobStore, type Work } from '../../../../main/workspace/jobs/jobStore.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const id = (letter: string) => letter.repeat(16);
const segmentation = (letter: string): Work => ({
  kind: 'segmentation',
  study: id('a'),
  segmentation: id(letter),
  channels: [`${id('a')}#1`],
  model: 'm',
  seed: 0,
});
const training: Work = { kind: 'training', run: id('f') };
const fields = { title: 'a job', study: null, run: null };
const left = { kind: 'dataset' as const, dataset: id('d') };

interface Run {
  readonly work: Work;
  readonly signal: AbortSignal;
  readonly end: (error?: unknown) => void;
}

const inWords = (error: unknown) => ({ kind: 'data' as const, what: String(error), where: '', remedy: '' });

/** A queue whose jobs end when the test says so. */
function queueIn(folder = temporaryFolder()) {
  const runs: Run[] = [];
  const doWork: DoWork = (work, { signal }) =>
    new Promise((resolve, reject) => {
      const end = (error?: unknown): void => {
        if (error === undefined) resolve(left);
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- as a job throws it
        else reject(error);
      };
      signal.addEventListener('abort', () => {
        end(signal.reason);
      });
      runs.push({ work, signal, end });
    });
  const changes: Job[] = [];
  const queue = new JobQueue({
    store: new JobStore(join(folder, 'jobs.json'), new Records(new Notices(() => undefined, inWords))),
    emit: (name, value) => {
      if (name === 'job:changed') changes.push(jobSchema.parse(value));
    },
    doWork,
    describe: inWords,
  });
  // What it still writes must not meet the end of its folder.
  onTestFinished(() => queue.close());
  return { queue, runs, changes, folder };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('JobQueue', () => {
  it('does one job after another, and trainings beside them, one after another too', async () => {
    const { queue, runs } = queueIn();
    for (const work of [segmentation('1'), training, segmentation('2'), training]) queue.add(work, fields);
    expect(runs.map(({ work }) => work)).toEqual([segmentation('1'), training]);
    runs[0]!.end();
    await settled();
    expect(runs.map(({ work }) => work)).toEqual([segmentation('1'), training, segmentation('2')]);
    runs[1]!.end();
    await settled();
    expect(queue.list().map(({ kind, state }) => `${kind} ${state}`)).toEqual([
      'segmentation running',
      'training running',
      'training done',
      'segmentation done',
    ]);
  });

  it('stops a job, says so once it has stopped, and does it again when asked', async () => {
    const { queue, runs } = queueIn();
    const { job } = queue.add(segmentation('1'), fields);
    expect(await queue.stop(job, 'cancelled')).toMatchObject({ state: 'cancelled', problem: null });
    expect(runs[0]!.signal.aborted).toBe(true);
    expect(queue.retry(job).state).toBe('waiting');
    await settled();
    runs[1]!.end();
    await settled();
    expect(queue.get(job)).toMatchObject({ state: 'done', outcome: left });
  });

  it('tells a failure from an end that was not the job\u2019s own', async () => {
    const { queue, runs } = queueIn();
    const broken = queue.add(segmentation('1'), fields).job;
    const killed = queue.add(segmentation('2'), fields).job;
    runs[0]!.end(new Problem('data', 'broken', 'x', 'y'));
    await settled();
    runs[1]!.end(new ComputeEnded('memory', 'killed', 'x', 'y'));
    await settled();
    expect([queue.get(broken).state, queue.get(killed).state]).toEqual(['failed', 'interrupted']);
    expect(queue.get(broken).problem?.what).toContain('broken');
  });

  it('takes up what an earlier process left: waiting jobs and trainings go on, others are offered again', async () => {
    const before = queueIn();
    for (const work of [training, segmentation('1'), segmentation('2')]) before.queue.add(work, fields);
    await before.queue.close();
    const after = queueIn(before.folder);
    await after.queue.restore();
    expect(after.runs.map(({ work }) => work)).toEqual([segmentation('2'), training]);
    expect(after.queue.list().map(({ kind, state }) => `${kind} ${state}`)).toEqual([
      'training running',
      'segmentation running',
      'segmentation interrupted',
    ]);
  });

  it('keeps a paused training paused', async () => {
    const before = queueIn();
    const { job } = before.queue.add(training, fields);
    await before.queue.stop(job, 'paused');
    await before.queue.close();
    const after = queueIn(before.folder);
    await after.queue.restore();
    expect(after.queue.get(job)).toMatchObject({ state: 'paused', endedAt: null });
    expect(after.runs).toHaveLength(0);
  });

  it('forgets a job that is over, and no other', async () => {
    const { queue, runs } = queueIn();
    const { job } = queue.add(segmentation('1'), fields);
    expect(() => {
      queue.forget(job);
    }).toThrow('not over');
    runs[0]!.end();
    await settled();
    queue.forget(job);
    expect(queue.list()).toEqual([]);
    expect(() => queue.get(job)).toThrow('no such job');
  });
});
