import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { CompressedCodec } from './codecs/decode.ts';
import { type FrameReply, frameReplySchema } from './frameMessages.ts';
import type { DecodedFrame } from './pixels/decodeFrame.ts';
import type { PixelFormat } from './pixels/format.ts';

/** A compressed frame to decode. Its buffers are taken over: nobody may use them any more. */
export interface FrameTask {
  readonly codec: CompressedCodec;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly format: PixelFormat;
  /** Where the values are put if they fit. */
  readonly target: ArrayBuffer | undefined;
}

/** What became of a frame, with the buffer of its compressed bytes to be used again; why not, for a person, where nothing did. */
export type FrameResult = { readonly frame: DecodedFrame; readonly bytes: ArrayBuffer } | { readonly failure: string };

/** Longer than any frame takes: a codec that is still at it will never end. */
const mostSeconds = 120;
/** A thread that nobody wanted for this long gives its memory back. */
const idleSeconds = 30;
/** Frames that a thread has at once: it goes on with the second before its owner has taken the first. */
const mostTasks = 2;
/** More would wait for the one thread that reads the files. */
const mostThreads = 8;

/**
 * Threads that decode frames, one for each processor but that of the caller, who decodes what they have no room for. They start when they are
 * needed and are kept for the next series; they do not keep the process alive.
 */
export class DecoderThreads {
  readonly #most: number;
  readonly #threads = new Set<DecoderThread>();
  #idle: NodeJS.Timeout | undefined;

  constructor(most = Math.min(mostThreads, Math.max(1, availableParallelism() - 1))) {
    this.#most = most;
  }

  /** Frames that can be under way at once, with one here. */
  get capacity(): number {
    return this.#most * mostTasks + 1;
  }

  /** `undefined` where every thread has enough to do, or is still starting. */
  decode(task: FrameTask): Promise<FrameResult> | undefined {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => void this.close(), idleSeconds * 1000).unref();
    for (const thread of this.#threads) if (thread.isOver) this.#threads.delete(thread);
    const [free] = [...this.#threads].filter(({ load }) => load < mostTasks).sort((a, b) => a.load - b.load);
    if (free === undefined && this.#threads.size < this.#most) this.#threads.add(new DecoderThread());
    return free?.decode(task);
  }

  /** Threads end once they have done what they have. */
  async close(): Promise<void> {
    clearTimeout(this.#idle);
    const threads = [...this.#threads];
    this.#threads.clear();
    await Promise.all(threads.map((thread) => thread.close()));
  }
}

/** Those of this process. */
export const decoderThreads = new DecoderThreads();

/** One thread, which decodes one frame at a time. */
class DecoderThread {
  readonly #worker = startDecodeThread();
  readonly #deliver: ((result: FrameResult) => void)[] = [];
  #isReady = false;
  #isClosing = false;
  #timer: NodeJS.Timeout | undefined;
  isOver = false;

  constructor() {
    this.#worker.unref();
    this.#worker.on('message', (message: unknown) => {
      this.#take(frameReplySchema.parse(message));
    });
    for (const event of ['error', 'exit'] as const) {
      this.#worker.on(event, () => {
        this.#end('its decoder ended before it was done');
      });
    }
  }

  /** How many frames it has; infinite for one that is still starting. */
  get load(): number {
    return this.#isReady ? this.#deliver.length : Infinity;
  }

  decode(task: FrameTask): Promise<FrameResult> {
    return new Promise((deliver) => {
      this.#deliver.push(deliver);
      this.#worker.ref();
      if (this.#deliver.length === 1) this.#watch();
      this.#worker.postMessage(task, [task.bytes.buffer, ...(task.target ? [task.target] : [])]);
    });
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    if (this.#deliver.length === 0) await this.#worker.terminate();
  }

  #take(reply: FrameReply): void {
    this.#isReady = true;
    if (reply.kind === 'ready') return;
    clearTimeout(this.#timer);
    this.#deliver.shift()?.(reply);
    if (this.#deliver.length > 0) {
      this.#watch();
      return;
    }
    this.#worker.unref();
    if (this.#isClosing) void this.#worker.terminate();
  }

  #watch(): void {
    this.#timer = setTimeout(() => {
      this.#end('it takes too long');
    }, mostSeconds * 1000);
  }

  /** @param failure What its frames have come to. */
  #end(failure: string): void {
    this.isOver = true;
    clearTimeout(this.#timer);
    for (const deliver of this.#deliver.splice(0)) deliver({ failure });
    void this.#worker.terminate();
  }
}

/** As the loader's threads start: from a JavaScript file in the production build, by way of tsx from the sources. */
function startDecodeThread(): Worker {
  const thread = new URL('./decodeThread.ts', import.meta.url);
  const isSource = thread.pathname.endsWith('.ts');
  return new Worker(isSource ? new URL('./decodeThread.development.mjs', import.meta.url) : thread, {
    // What a frame leaves behind is small, and not worth the memory of a heap of the usual size.
    resourceLimits: { maxYoungGenerationSizeMb: 4 },
  });
}
