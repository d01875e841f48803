import type { Worker } from 'node:worker_threads';
import { invariant } from '../../ml/check/invariant.ts';
import { Problem } from '../../ml/check/problem.ts';
import type { Augmentation } from '../../ml/data/augmentation/settings.ts';
import type { Batch } from '../../ml/data/batch.ts';
import type { Plan } from '../../ml/data/plan/planSchema.ts';
import { replySchema } from './loaderMessages.ts';
import { startLoaderThread } from './startLoaderThread.ts';

export interface LoaderOptions {
  /** Filled by `prepareCache`. */
  readonly cacheFolder: string;
  readonly plan: Pick<Plan, 'patch' | 'spacing' | 'context'>;
  /** Ids of the training cases. */
  readonly cases: readonly string[];
  readonly seed: number;
  readonly batchSize: number;
  /** The first step that `next` gives. */
  readonly startStep: number;
  readonly augmentation: Augmentation | undefined;
  /** Default 1: a batch is made faster than a step is computed, and the engine wants the cores. */
  readonly threads?: number;
  /** Batches that are made before they are asked for; default 4. */
  readonly ahead?: number;
  /** Prepared cases that are kept in memory, by all threads together; default 512. */
  readonly memoryMiB?: number;
}

/** Gives the batches of a training in the order of its steps, made on other threads. */
export interface BatchLoader {
  /**
   * The batch of the next step. Its bytes depend on the seed, the cases and the step alone.
   *
   * @throws Problem that met the thread (a broken cache), or 'cancelled' where the loader was closed.
   */
  next(): Promise<Batch>;
  /** Ends the threads; resolves when none is left. */
  close(): Promise<void>;
}

export function openLoader(options: LoaderOptions): BatchLoader {
  const { cacheFolder, plan, cases, seed, batchSize, augmentation, threads = 1, memoryMiB = 512 } = options;
  const settings = {
    cacheFolder,
    memory: (memoryMiB * 2 ** 20) / threads,
    plan: { patch: plan.patch, spacing: plan.spacing, context: plan.context },
    cases: [...cases],
    seed,
    batchSize,
    ...(augmentation && { augmentation }),
  };
  const workers = Array.from({ length: threads }, () => startLoaderThread(settings));
  return new ThreadedLoader(workers, options.startStep, options.ahead ?? 4);
}

/** A batch that was asked of a thread. */
interface Order {
  readonly batch: Promise<Batch>;
  readonly deliver: (batch: Batch) => void;
  readonly fail: (error: Error) => void;
}

class ThreadedLoader implements BatchLoader {
  readonly #workers: readonly Worker[];
  readonly #orders = new Map<number, Order>();
  #nextOrder: number;
  #nextStep: number;
  #failure: Error | undefined;

  constructor(workers: readonly Worker[], startStep: number, ahead: number) {
    this.#workers = workers;
    this.#nextStep = startStep;
    this.#nextOrder = startStep;
    for (const worker of workers) {
      worker.on('message', (message: unknown) => {
        this.#receive(message);
      });
      worker.on('error', (error) => {
        this.#failAll(error instanceof Error ? error : new Error(String(error)));
      });
      worker.on('exit', (code) => {
        this.#failAll(new Error(`a loader thread ended with code ${code}`));
      });
    }
    for (let n = 0; n < Math.max(1, ahead); n++) this.#order();
  }

  async next(): Promise<Batch> {
    const step = this.#nextStep++;
    this.#order();
    const order = this.#orders.get(step);
    invariant(order, 'a batch is ordered before it is taken');
    const batch = await order.batch;
    this.#orders.delete(step);
    return batch;
  }

  async close(): Promise<void> {
    this.#failAll(new Problem('cancelled', 'the training data was closed', 'batch loader', 'Start again to go on.'));
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #order(): void {
    const step = this.#nextOrder++;
    const order = placeOrder();
    this.#orders.set(step, order);
    if (this.#failure) order.fail(this.#failure);
    else this.#workers[step % this.#workers.length]?.postMessage({ step });
  }

  #receive(message: unknown): void {
    const reply = replySchema.parse(message);
    const order = this.#orders.get(reply.step);
    if (reply.kind === 'batch') order?.deliver({ step: reply.step, image: reply.image, label: reply.label });
    else if (reply.kind === 'problem') {
      const { kind, what, where, remedy } = reply.problem;
      order?.fail(new Problem(kind, what, where, remedy));
    } else order?.fail(new Error(reply.message));
  }

  /** The first failure is the cause, and what comes after it a consequence. */
  #failAll(error: Error): void {
    this.#failure ??= error;
    for (const order of this.#orders.values()) order.fail(this.#failure);
  }
}

function placeOrder(): Order {
  let deliver: Order['deliver'] | undefined;
  let fail: Order['fail'] | undefined;
  const batch = new Promise<Batch>((resolve, reject) => {
    deliver = resolve;
    fail = reject;
  });
  invariant(deliver && fail, 'a promise starts at once');
  // Nobody may be waiting yet when a batch made ahead fails; whoever asks for it is told.
  batch.catch(() => undefined);
  return { batch, deliver, fail };
}
