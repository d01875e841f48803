import { rm } from 'node:fs/promises';
import { Problem } from '../../ml/check/problem.ts';
import type { Channel, StartProcess } from './channel.ts';
import { reportSchema, unfinishedSchema, type Order, type Report } from './messages.ts';
import { pieceChecks, type PieceAnswer, type PieceAsking, type PieceName, type Update } from './pieces.ts';

/** A job that is told to stop and computes on is ended after this. */
const graceMilliseconds = 500;

interface Waiting {
  readonly answer: (raw: unknown) => void;
  readonly fail: (problem: unknown) => void;
  readonly update: (update: Update) => void;
}

export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onUpdate?: ((update: Update) => void) | undefined;
}

/** The process ended under a piece of work, through no wish of ours. */
export class ComputeEnded extends Problem {}

/**
 * A process that does pieces of work, started when it is first needed and again after it ended. Several pieces may be under way at once; they
 * share its event loop.
 */
export class ComputeProcess {
  readonly #start: StartProcess;
  readonly #waiting = new Map<number, Waiting>();
  /** Files and folders that it is writing; deleted where it ends in the middle. */
  readonly #unfinished = new Set<string>();
  #channel: Channel | undefined;
  #last = 0;

  constructor(start: StartProcess) {
    this.#start = start;
  }

  /** Its number, where it runs. */
  get process(): number | undefined {
    return this.#channel?.process;
  }

  /**
   * @throws Problem What the work found; 'cancelled' where the signal stopped it; `ComputeEnded` where the process crashed, ran out of memory
   *   or was killed.
   */
  async run<Name extends PieceName>(
    piece: Name,
    ask: PieceAsking<Name>,
    { signal, onUpdate }: RunOptions = {},
  ): Promise<PieceAnswer<Name>> {
    signal?.throwIfAborted();
    const channel = (this.#channel ??= this.#open());
    const id = ++this.#last;
    const answered = new Promise<unknown>((answer, fail) => {
      this.#waiting.set(id, { answer, fail, update: onUpdate ?? (() => undefined) });
    });
    const stop = (): void => {
      tell(channel, { kind: 'stop', id });
      const timer = setTimeout(() => {
        if (this.#waiting.has(id)) channel.kill();
      }, graceMilliseconds);
      answered
        .finally(() => {
          clearTimeout(timer);
        })
        .catch(() => undefined);
    };
    signal?.addEventListener('abort', stop, { once: true });
    tell(channel, { kind: 'do', id, piece, ask });
    try {
      return pieceChecks[piece].answer.parse(await answered);
    } catch (error) {
      throw signal?.aborted === true ? signal.reason : error;
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }

  /** Ends the process at once. What is under way fails. */
  async close(): Promise<void> {
    const channel = this.#channel;
    if (channel === undefined) return;
    await new Promise<void>((ended) => {
      channel.onEnd(() => {
        ended();
      });
      channel.kill();
    });
  }

  #open(): Channel {
    const channel = this.#start();
    channel.onMessage((message) => {
      const unfinished = unfinishedSchema.safeParse(message);
      if (unfinished.success) this.#note(unfinished.data);
      else this.#receive(reportSchema.parse(message));
    });
    channel.onEnd((code, signal) => {
      if (this.#channel === channel) this.#channel = undefined;
      const problem = explain(code, signal);
      const waiting = [...this.#waiting.values()];
      this.#waiting.clear();
      void this.#tidy().finally(() => {
        for (const { fail } of waiting) fail(problem);
      });
    });
    return channel;
  }

  #note({ tell: what, path }: { readonly tell: 'unfinished' | 'finished'; readonly path: string }): void {
    if (what === 'unfinished') this.#unfinished.add(path);
    else this.#unfinished.delete(path);
  }

  #receive(report: Report): void {
    const waiting = this.#waiting.get(report.id);
    if (report.kind === 'update') {
      waiting?.update(report.update);
      return;
    }
    this.#waiting.delete(report.id);
    if (report.kind === 'done') waiting?.answer(report.answer);
    else {
      const { kind, what, where, remedy } = report.problem;
      waiting?.fail(
        kind === 'bug' ? new Error(`${what} (${where}). ${remedy}`) : new Problem(kind, what, where, remedy),
      );
    }
  }

  async #tidy(): Promise<void> {
    const paths = [...this.#unfinished];
    this.#unfinished.clear();
    for (const path of paths) await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

const tell = (channel: Channel, order: Order): void => {
  channel.send(order);
};

function explain(code: number | null, signal: string | null): ComputeEnded {
  // SIGKILL: the system's memory killer, or a person. SIGABRT, 134: V8 at the end of its heap.
  if (signal === 'SIGKILL' || signal === 'SIGABRT' || code === 134) {
    const what = 'the system ended the work, most likely for want of memory';
    return new ComputeEnded('memory', what, 'compute process', 'Close other programs, then try it again.');
  }
  const what = `the work crashed${signal === null ? ` with code ${code}` : ` with ${signal}`}`;
  return new ComputeEnded('data', what, 'compute process', 'Try it again; nothing that was saved is lost.');
}
