import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { CompressedCodec } from './codecs/decode.ts';
import { type FrameReply, frameReplySchema } from './frameMessages.ts';
import type { DecodedFrame } from './pixels/decodeFrame.ts';
import type { PixelFormat } from './pixels/format.ts';

/** A compressed frame that no thread has taken yet. */
export interface FrameTask {
  readonly codec: CompressedCodec;
  /** Taken over: nobody may use the buffer any more. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly format: PixelFormat;
}

/** What a thread made of a frame; why not, for a person, where it could not. */
export type FrameResult = { readonly frame: DecodedFrame } | { readonly failure: string };

interface Waiting {
  readonly task: FrameTask;
  readonly deliver: (result: FrameResult) => void;
}

/** Longer than any frame takes: a codec that is still at it will never end. */
const mostSeconds = 120;

/** Threads that decode frames, one a processor. They start when they are needed; a codec that crashes takes its own thread with it. */
export class DecoderThreads {
  readonly count: number;
  readonly #idle: DecoderThread[] = [];
  readonly #all = new Set<DecoderThread>();
  readonly #waiting: Waiting[] = [];
  #isClosed = false;

  constructor(count = availableParallelism()) {
    this.count = Math.max(1, count);
  }

  /** Tasks are begun in the order in which they come. */
  decode(task: FrameTask): Promise<FrameResult> {
    return new Promise((deliver) => {
      if (this.#isClosed) deliver(unwanted);
      else this.#waiting.push({ task, deliver });
      void this.#next();
    });
  }

  /** What has not been decoded never will be. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { deliver } of this.#waiting.splice(0)) deliver(unwanted);
    await Promise.all([...this.#all].map((thread) => thread.end(unwanted)));
  }

  async #next(): Promise<void> {
    if (this.#waiting.length === 0) return;
    const thread = this.#idle.pop() ?? (this.#all.size < this.count ? new DecoderThread() : undefined);
    if (thread === undefined) return;
    this.#all.add(thread);
    for (let waiting = this.#waiting.shift(); waiting !== undefined; waiting = this.#waiting.shift()) {
      waiting.deliver(await thread.decode(waiting.task));
      if (thread.isOver) {
        this.#all.delete(thread);
        if (this.#waiting.length > 0) await this.#next();
        return;
      }
    }
    this.#idle.push(thread);
  }
}

const unwanted: FrameResult = { failure: 'it was not waited for' };
const damaged: FrameResult = { failure: 'it is damaged' };

/** One thread, which decodes one frame at a time. */
class DecoderThread {
  readonly #worker = startDecodeThread();
  #deliver: ((result: FrameResult) => void) | undefined;
  isOver = false;

  constructor() {
    this.#worker.on('message', (message: unknown) => {
      this.#deliver?.(resultOf(frameReplySchema.parse(message)));
    });
    this.#worker.on('error', () => {
      void this.end(damaged);
    });
    this.#worker.on('exit', () => {
      void this.end(damaged);
    });
  }

  async decode(task: FrameTask): Promise<FrameResult> {
    if (this.isOver) return damaged;
    const timer = setTimeout(() => {
      void this.end({ failure: 'it takes too long' });
    }, mostSeconds * 1000);
    const result = await new Promise<FrameResult>((deliver) => {
      this.#deliver = deliver;
      this.#worker.postMessage(task, [task.bytes.buffer]);
    });
    clearTimeout(timer);
    return result;
  }

  /** @param result What the frame that is being decoded has come to. */
  async end(result: FrameResult): Promise<void> {
    this.isOver = true;
    this.#deliver?.(result);
    await this.#worker.terminate();
  }
}

function resultOf(reply: FrameReply): FrameResult {
  return reply.kind === 'frame' ? { frame: reply.frame } : { failure: reply.failure };
}

/** As the loader's threads start: from a JavaScript file in the production build, by way of tsx from the sources. */
function startDecodeThread(): Worker {
  const thread = new URL('./decodeThread.ts', import.meta.url);
  const isSource = thread.pathname.endsWith('.ts');
  return new Worker(isSource ? new URL('./decodeThread.development.mjs', import.meta.url) : thread);
}
