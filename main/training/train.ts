import { invariant } from '../../ml/check/invariant.ts';
import { defaultAugmentation, type Augmentation } from '../../ml/data/augmentation/settings.ts';
import { openChangingNetwork } from '../../ml/inference/patchNetwork.ts';
import { openLoader, type BatchLoader } from '../datasets/loader.ts';
import { createProgress } from '../jobs/progress.ts';
import { writeFileAtomically } from '../files/atomic.ts';
import { encodeSafetensors } from '../services/models/safetensors.ts';
import { flatTensors, loadCheckpoint, saveCheckpoint, type BestSoFar } from './checkpoint.ts';
import { truncateMetrics, writeMetric } from './metrics.ts';
import { isThere, runPaths, startRun, type RunDraft, type RunRecord } from './run.ts';
import type { Settings } from './settings.ts';
import { stepPlan } from './stepPlan.ts';
import { Stepper, type StepResult } from './stepper.ts';
import { validate } from './validate.ts';
import type { Engine } from '../../ml/engines/engine.ts';
import type { ReportProgress } from '../jobs/progress.ts';

/** Seconds between checkpoints: what a kill can cost. */
const CHECKPOINT_SECONDS = 60;
/** Steps between lines of metrics.jsonl. */
const METRIC_STEPS = 10;

export interface TrainJob {
  readonly folder: string;
  /** A run to go on with, or one to start: its record is then written first. */
  readonly run: RunRecord | RunDraft;
  readonly engine: Engine;
  readonly signal: AbortSignal;
  readonly report: ReportProgress;
}

export interface TrainResult {
  readonly record: RunRecord;
  readonly best: BestSoFar;
  readonly steps: number;
  readonly seconds: number;
}

/** The batches of a run from a step on, made off the main thread. */
export const openBatches = (folder: string, record: RunRecord, startStep: number): BatchLoader =>
  openLoader({
    cacheFolder: runPaths(folder).cache,
    plan: record.plan,
    cases: record.split.train,
    seed: record.seed,
    batchSize: stepPlan(record).config.batchSize,
    startStep,
    augmentation: augmentationOf(record.settings),
  });

const augmentationOf = ({ augmentation, shift }: Settings): Augmentation | undefined =>
  augmentation === 'on'
    ? { ...defaultAugmentation, shift: { ...defaultAugmentation.shift, fraction: shift } }
    : undefined;

/**
 * Trains a run from its last checkpoint, or its beginning, to its end. Killed at any moment and called again, it ends with the same
 * weights, bit for bit, as one that was never killed: every batch and every draw depends on the seed and the step alone.
 *
 * @throws Problem 'data' where the loss diverges, 'cancelled' through the signal; the last checkpoint stays.
 */
export async function train(job: TrainJob): Promise<TrainResult> {
  const { folder, engine, run } = job;
  const provisional = { ...run, steps: 'steps' in run ? run.steps : PROVISIONAL_STEPS };
  const stepper = await Stepper.compile(engine, stepPlan(provisional));
  const network = await openChangingNetwork(engine, stepPlan(provisional).config.network, run.plan.patch);
  try {
    const record = 'steps' in run ? run : await settle(run, stepper, job);
    stepper.follow(stepPlan(record));
    const session = new Session(job, record, stepper, network);
    await session.resume();
    const batches = openBatches(folder, record, session.step);
    try {
      await session.runToEnd(batches);
    } finally {
      await batches.close();
    }
    return session.result();
  } finally {
    await stepper.dispose();
    await network.dispose();
  }
}

/** Steps of a plan whose length is not known yet. */
const PROVISIONAL_STEPS = 1000;

/** Turns minutes into steps by timing some, and writes the record of the run. */
async function settle(draft: RunDraft, stepper: Stepper, { folder, signal }: TrainJob): Promise<RunRecord> {
  const { budget, ...rest } = draft;
  const steps = 'steps' in budget ? budget.steps : await stepsIn(budget.minutes, rest, stepper, folder, signal);
  const record = { ...rest, steps };
  await startRun(folder, record);
  return record;
}

const WARM_UP_STEPS = 2;
const TIMED_STEPS = 5;
/** What is left for steps beside validations and checkpoints. */
const SHARE_OF_STEPS = 0.85;

async function stepsIn(
  minutes: number,
  draft: Omit<RunRecord, 'steps'>,
  stepper: Stepper,
  folder: string,
  signal: AbortSignal,
): Promise<number> {
  const batches = openBatches(folder, { ...draft, steps: PROVISIONAL_STEPS }, 0);
  try {
    let started = performance.now();
    for (let step = 0; step < WARM_UP_STEPS + TIMED_STEPS; step++) {
      signal.throwIfAborted();
      if (step === WARM_UP_STEPS) started = performance.now();
      await stepper.run(step, await batches.next());
    }
    stepper.reset();
    const milliseconds = (performance.now() - started) / TIMED_STEPS;
    return Math.max(1, Math.floor((SHARE_OF_STEPS * minutes * 60_000) / milliseconds));
  } finally {
    await batches.close();
  }
}

type ChangingNetwork = Awaited<ReturnType<typeof openChangingNetwork>>;

/** One sitting of a training: where it is, the best so far, and what is written when. */
class Session {
  readonly #job: TrainJob;
  readonly #record: RunRecord;
  readonly #paths: ReturnType<typeof runPaths>;
  readonly #stepper: Stepper;
  readonly #network: ChangingNetwork;
  readonly #started = performance.now();
  readonly #recent: StepResult[] = [];
  #secondsBefore = 0;
  #savedAt = performance.now();
  #step = 0;
  #best: BestSoFar | undefined;
  #stale = 0;

  constructor(job: TrainJob, record: RunRecord, stepper: Stepper, network: ChangingNetwork) {
    this.#job = job;
    this.#record = record;
    this.#paths = runPaths(job.folder);
    this.#stepper = stepper;
    this.#network = network;
  }

  get step(): number {
    return this.#step;
  }

  result(): TrainResult {
    invariant(this.#best, 'a training ends with a validation');
    return { record: this.#record, best: this.#best, steps: this.#step, seconds: this.#seconds() };
  }

  async resume(): Promise<void> {
    if (await isThere(this.#paths.checkpoint)) {
      const { state, history, step, seconds, best, stale } = await loadCheckpoint(this.#paths.checkpoint);
      this.#stepper.restore(state, history);
      this.#step = step;
      this.#secondsBefore = seconds;
      this.#best = best;
      this.#stale = stale;
    }
    await truncateMetrics(this.#paths.metrics, this.#step);
  }

  async runToEnd(batches: BatchLoader): Promise<void> {
    const { signal, report } = this.#job;
    const record = this.#record;
    const progress = createProgress('Training', record.steps, report, this.#step);
    const every = Math.max(1, Math.ceil(record.steps / record.settings.validations));
    while (this.#step < record.steps && this.#stale < record.settings.patience) {
      signal.throwIfAborted();
      const result = await this.#stepper.run(this.#step, await batches.next());
      this.#step++;
      await this.#note(result);
      if (this.#step % every === 0 || this.#step === record.steps) await this.#validate();
      if (performance.now() - this.#savedAt > CHECKPOINT_SECONDS * 1000) await this.#save();
      progress(this.#step);
    }
    await this.#save();
  }

  async #note(result: StepResult): Promise<void> {
    this.#recent.push(result);
    if (this.#step % METRIC_STEPS !== 0) return;
    const mean = (value: (result: StepResult) => number): number =>
      this.#recent.reduce((sum, each) => sum + value(each), 0) / this.#recent.length;
    const loss = mean((each) => each.loss);
    const gradientNorm = mean((each) => each.gradientNorm);
    this.#recent.length = 0;
    await writeMetric(this.#paths.metrics, {
      kind: 'training',
      step: this.#step,
      loss,
      gradientNorm,
      seconds: this.#seconds(),
    });
  }

  /** Segments the validation cases with the averaged weights, and keeps those if they are the best so far. */
  async #validate(): Promise<void> {
    const weights = await this.#stepper.averages();
    this.#network.setWeights(weights);
    const { folder, signal } = this.#job;
    const { mean, structures } = await validate(folder, this.#record, this.#network, signal);
    await writeMetric(this.#paths.metrics, { kind: 'validation', step: this.#step, dice: mean, structures });
    if (this.#best && mean <= this.#best.dice) {
      this.#stale++;
      return;
    }
    await writeFileAtomically(this.#paths.best, encodeSafetensors(flatTensors(weights)), { existing: 'replace' });
    this.#best = { step: this.#step, dice: mean };
    this.#stale = 0;
    // The best weights on the disk and the checkpoint that names them must not drift apart.
    await this.#save();
  }

  async #save(): Promise<void> {
    await saveCheckpoint(this.#paths.checkpoint, {
      step: this.#step,
      seconds: this.#seconds(),
      state: await this.#stepper.state(),
      history: this.#stepper.history,
      best: this.#best,
      stale: this.#stale,
    });
    this.#savedAt = performance.now();
  }

  #seconds(): number {
    return this.#secondsBefore + (performance.now() - this.#started) / 1000;
  }
}
