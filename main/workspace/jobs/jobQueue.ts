import { Problem } from '../../../ml/check/problem.ts';
import { ComputeEnded } from '../../compute/computeProcess.ts';
import type { Job } from '../../contract/jobs.ts';
import type { ProblemReply } from '../../contract/problem.ts';
import type { Emit } from '../../contract/serve.ts';
import { newId } from '../workspace.ts';
import type { JobRecord, JobStore, Work } from './jobStore.ts';

/** What doing a job needs of the queue. */
export interface JobContext {
  readonly job: string;
  readonly signal: AbortSignal;
  readonly progress: (progress: NonNullable<Job['progress']>) => void;
}

/** Does a job; what it gives is what the job left. */
export type DoWork = (work: Work, context: JobContext) => Promise<NonNullable<Job['outcome']>>;

interface QueueSettings {
  readonly store: JobStore;
  readonly emit: Emit;
  readonly doWork: DoWork;
  readonly describe: (error: unknown) => ProblemReply;
}

/** Why a job was stopped by its person. */
const stopped = (state: 'cancelled' | 'paused') =>
  new Problem('cancelled', state === 'paused' ? 'paused' : 'stopped', 'job', 'Start it again where you still want it.');

interface Running {
  readonly job: string;
  readonly controller: AbortController;
  readonly ended: Promise<void>;
}

/** What waits for one another: a training takes hours, and nobody waits for it with a scan. */
const lanes = ['short', 'training'] as const;
type Lane = (typeof lanes)[number];
const laneOf = ({ kind }: Job): Lane => (kind === 'training' ? 'training' : 'short');

/** Jobs in the order they came: trainings one after another, and beside them everything else one after another. */
export class JobQueue {
  readonly #settings: QueueSettings;
  readonly #records: JobRecord[] = [];
  readonly #running = new Map<Lane, Running>();
  #isClosing = false;

  constructor(settings: QueueSettings) {
    this.#settings = settings;
  }

  /** Takes up what an earlier process left. What it was doing is offered again; a training goes on by itself. */
  async restore(): Promise<void> {
    for (const { job, work } of await this.#settings.store.load()) {
      const wasActive = job.state === 'running' || job.state === 'waiting';
      const goesOn = wasActive && (job.state === 'waiting' || job.kind === 'training');
      const state = goesOn ? 'waiting' : wasActive ? 'interrupted' : job.state;
      this.#records.push({ job: { ...job, state, endedAt: wasActive && !goesOn ? now() : job.endedAt }, work });
    }
    this.#next();
  }

  list(): Job[] {
    const jobs = this.#records.map(({ job }) => job);
    const isOver = ({ endedAt }: Job): boolean => endedAt !== null;
    return [...jobs.filter((job) => !isOver(job)), ...jobs.filter(isOver).toReversed()];
  }

  add(work: Work, fields: Pick<Job, 'title' | 'study' | 'run'>): Job {
    const job: Job = {
      job: newId(),
      kind: work.kind,
      ...fields,
      state: 'waiting',
      progress: null,
      problem: null,
      outcome: null,
      createdAt: now(),
      endedAt: null,
    };
    this.#records.push({ job, work });
    this.#changed(job);
    this.#next();
    return job;
  }

  has(job: string): boolean {
    return this.#records.some((one) => one.job.job === job);
  }

  /** Paths that jobs read, or would if they were retried. */
  sources(): string[] {
    return this.#records.flatMap(({ job, work }) =>
      work.kind === 'dataset' && job.state !== 'done' ? work.sources : [],
    );
  }

  get(job: string): Job {
    return this.#find(job).job;
  }

  /** @returns Once it has stopped. */
  async stop(job: string, state: 'cancelled' | 'paused'): Promise<Job> {
    const { job: known } = this.#find(job);
    if (known.endedAt !== null) return known;
    const running = this.#running.get(laneOf(known));
    if (running?.job === job) {
      running.controller.abort(stopped(state));
      await running.ended;
    }
    return this.#set(job, { state, progress: null, endedAt: state === 'cancelled' ? now() : null });
  }

  retry(job: string): Job {
    const { job: known } = this.#find(job);
    if (known.state === 'running' || known.state === 'waiting' || known.state === 'done') return known;
    const waiting = this.#set(job, { state: 'waiting', problem: null, endedAt: null });
    this.#next();
    return waiting;
  }

  forget(job: string): void {
    const { job: known } = this.#find(job);
    if (known.endedAt === null) throw new Problem('usage', 'the job is not over', known.title, 'Cancel it first.');
    this.#records.splice(this.#records.indexOf(this.#find(job)), 1);
    this.#save();
    this.#settings.emit('job:forgotten', { job });
  }

  /** Stops what runs, to be taken up at the next start. */
  async close(): Promise<void> {
    this.#isClosing = true;
    const running = [...this.#running.values()];
    for (const { controller } of running) controller.abort(stopped('paused'));
    await Promise.all(running.map(({ ended }) => ended));
    await this.#settings.store.save(this.#records);
  }

  #find(job: string): JobRecord {
    const record = this.#records.find((one) => one.job.job === job);
    if (record !== undefined) return record;
    throw new Problem('data', 'there is no such job', job, 'Look at the list of jobs again.');
  }

  #set(job: string, change: Partial<Job>): Job {
    const record = this.#find(job);
    record.job = { ...record.job, ...change };
    this.#changed(record.job);
    return record.job;
  }

  #changed(job: Job): void {
    this.#save();
    this.#settings.emit('job:changed', job);
  }

  #save(): void {
    // A full disk must not stop a job; the next change tries again.
    this.#settings.store.save(this.#records).catch(() => undefined);
  }

  #next(): void {
    for (const lane of lanes) {
      if (this.#running.has(lane) || this.#isClosing) continue;
      const record = this.#records.find(({ job }) => job.state === 'waiting' && laneOf(job) === lane);
      if (record === undefined) continue;
      const controller = new AbortController();
      const { job } = record.job;
      this.#running.set(lane, { job, controller, ended: this.#run(record, lane, controller.signal) });
    }
  }

  async #run({ job: { job }, work }: JobRecord, lane: Lane, signal: AbortSignal): Promise<void> {
    this.#set(job, { state: 'running', progress: null });
    const progress: JobContext['progress'] = (latest) => {
      const record = this.#find(job);
      record.job = { ...record.job, progress: latest };
      this.#settings.emit('job:changed', record.job);
    };
    try {
      const outcome = await this.#settings.doWork(work, { job, signal, progress });
      this.#set(job, { state: 'done', outcome, endedAt: now() });
    } catch (error) {
      if (!signal.aborted) this.#fail(job, error);
    } finally {
      this.#running.delete(lane);
      this.#next();
    }
  }

  #fail(job: string, error: unknown): void {
    const state = error instanceof ComputeEnded ? 'interrupted' : 'failed';
    this.#set(job, { state, problem: this.#settings.describe(error), endedAt: now() });
  }
}

const now = (): string => new Date().toISOString();
