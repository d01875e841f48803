import { invariant } from '../../ml/check/invariant.ts';
import { defaultAugmentation, type Augmentation } from '../../ml/data/augmentation/settings.ts';
import { openChangingNetwork } from '../../ml/inference/patchNetwork.ts';
import { openLoader, type BatchLoader } from '../datasets/loader.ts';
import { createProgress } from '../jobs/progress.ts';
import { writeFileAtomically } from '../files/atomic.ts';
import { removeTemporaries } from '../files/temporary.ts';
import { encodeSafetensors, flatTensors } from '../services/models/safetensors.ts';
import { loadCheckpoint, saveCheckpoint, type BestSoFar, type TrainingProgress } from './checkpoint.ts';
import { truncateMetrics, writeMetric, type Metric } from './metrics.ts';
import { isThere, readInitial, runPaths, startRun, type RunDraft, type RunRecord } from './run.ts';
import type { Settings } from './settings.ts';
import { networkOfRun, predictionOf, stepPlan } from './stepPlan.ts';
import { Stepper, type StepResult } from './stepper.ts';
import { validate } from './validate.ts';
import type { Engine } from '../../ml/engines/engine.ts';
import type { ReportProgress } from '../jobs/progress.ts';

/** Steps between lines of metrics.jsonl. */
const METRIC_STEPS = 10;

export interface TrainJob {
  readonly folder: string;
  /** A run to go on with, or one to start: its record is then written first. */
  readonly run: RunRecord | RunDraft;
  readonly engine: Engine;
  readonly signal: AbortSignal;
  readonly report: ReportProgress;
  /** Called once a stop from here on can be resumed. */
  readonly onResumable: (record: RunRecord) => void;
  /** Told every line of metrics.jsonl. */
  readonly onMetric?: ((metric: Metric) => void) | undefined;
}

export interface TrainResult {
  readonly record: RunRecord;
  readonly best: BestSoFar;
  readonly steps: number;
  readonly seconds: number;
}

/** The batches of a run from a step on, made off the main thread. */
const openBatches = (folder: string, record: RunRecord, startStep: number): BatchLoader =>
  openLoader({
    cacheFolder: runPaths(folder).cache,
    plan: record.plan,
    cases: record.split.train,
    seed: record.seed,
    batchSize: stepPlan(record).config.batchSize,
    startStep,
    augmentation: augmentationOf(record.settings),
  });

const augmentationOf = ({ augmentation, shift, mirror }: Settings): Augmentation | undefined =>
  augmentation === 'on'
    ? {
        ...defaultAugmentation,
        shift: { ...defaultAugmentation.shift, fraction: shift },
        mirror: (['k', 'j', 'i'] as const).filter((axis) => mirror.includes(axis)),
      }
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
  const initial = 'steps' in run ? await readInitial(folder, run) : run.initial;
  const stepper = await Stepper.compile(engine, stepPlan(provisional), initial);
  const network = await openChangingNetwork(engine, networkOfRun(run), run.plan.patch, predictionOf(run));
  try {
    const record = 'steps' in run ? run : await settle(run, stepper, job);
    job.onResumable(record);
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
  const { budget, initial, ...rest } = draft;
  const steps = 'steps' in budget ? budget.steps : await stepsIn(budget.minutes, rest, stepper, folder, signal);
  const record = { ...rest, steps };
  await startRun(folder, record, initial);
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
  #progress: TrainingProgress = { step: 0, seconds: 0, validated: 0, stale: 0 };

  constructor(job: TrainJob, record: RunRecord, stepper: Stepper, network: ChangingNetwork) {
    this.#job = job;
    this.#record = record;
    this.#paths = runPaths(job.folder);
    this.#stepper = stepper;
    this.#network = network;
  }

  get step(): number {
    return this.#progress.step;
  }

  result(): TrainResult {
    const { best, step } = this.#progress;
    invariant(best, 'a training ends with a validation');
    return { record: this.#record, best, steps: step, seconds: this.#seconds() };
  }

  async resume(): Promise<void> {
    await removeTemporaries(this.#job.folder);
    if (await isThere(this.#paths.checkpoint)) {
      const { progress, state, history } = await loadCheckpoint(this.#paths.checkpoint);
      this.#stepper.restore(state, history);
      this.#progress = progress;
      this.#secondsBefore = progress.seconds;
    }
    await truncateMetrics(this.#paths.metrics, this.#progress);
  }

  async runToEnd(batches: BatchLoader): Promise<void> {
    const { signal, report } = this.#job;
    const { steps, settings } = this.#record;
    const progress = createProgress('Training', steps, report, this.step);
    await this.#validateWhereDue();
    while (this.step < steps && this.#progress.stale < settings.patience) {
      signal.throwIfAborted();
      const result = await this.#stepper.run(this.step, await batches.next());
      this.#progress = { ...this.#progress, step: this.step + 1 };
      await this.#note(result);
      if (performance.now() - this.#savedAt >= settings.checkpointSeconds * 1000) await this.#save();
      await this.#validateWhereDue();
      progress(this.step);
    }
    await this.#save();
  }

  async #note(result: StepResult): Promise<void> {
    this.#recent.push(result);
    if (this.step % METRIC_STEPS !== 0) return;
    const mean = (value: (result: StepResult) => number): number =>
      this.#recent.reduce((sum, each) => sum + value(each), 0) / this.#recent.length;
    const loss = mean((each) => each.loss);
    const gradientNorm = mean((each) => each.gradientNorm);
    this.#recent.length = 0;
    const { step } = this;
    await this.#tell({ kind: 'training', step, loss, gradientNorm, seconds: this.#seconds() });
  }

  async #tell(metric: Metric): Promise<void> {
    await writeMetric(this.#paths.metrics, metric);
    this.#job.onMetric?.(metric);
  }

  /** A validation that a kill cut off is due again at the step it belongs to. */
  async #validateWhereDue(): Promise<void> {
    const { steps, settings } = this.#record;
    const every = Math.ceil(steps / settings.validations);
    const isDue = this.step > 0 && (this.step % every === 0 || this.step === steps);
    if (isDue && this.#progress.validated < this.step) await this.#validate();
  }

  /** Segments the validation cases with the averaged weights, and keeps those if they are the best so far. */
  async #validate(): Promise<void> {
    const weights = await this.#stepper.averages();
    this.#network.setWeights(weights);
    const { folder, signal } = this.#job;
    const { step } = this;
    const { mean, structures } = await validate(folder, this.#record, this.#network, signal);
    await this.#tell({ kind: 'validation', step, dice: mean, structures });
    const { best, stale } = this.#progress;
    this.#progress = { ...this.#progress, validated: step, stale: stale + 1 };
    if (best && mean <= best.dice) return;
    await writeFileAtomically(this.#paths.best, encodeSafetensors(flatTensors(weights)), { existing: 'replace' });
    this.#progress = { ...this.#progress, best: { step, dice: mean }, stale: 0 };
    // The best weights on the disk and the checkpoint that names them must not drift apart.
    await this.#save();
  }

  async #save(): Promise<void> {
    this.#progress = { ...this.#progress, seconds: this.#seconds() };
    await saveCheckpoint(this.#paths.checkpoint, {
      progress: this.#progress,
      state: await this.#stepper.state(),
      history: this.#stepper.history,
    });
    this.#savedAt = performance.now();
  }

  #seconds(): number {
    return this.#secondsBefore + (performance.now() - this.#started) / 1000;
  }
}
