import { frameProblem, decodeFrame, readStoredFrame } from './frames.ts';
import type { DicomObject } from './object.ts';
import type { DecodedFrame } from './pixels/decodeFrame.ts';
import { DecoderThreads } from './threads.ts';

export interface FrameRequest {
  /** Called when the turn of the frame comes; may give the same object for many frames, or read a file just then. */
  readonly open: () => DicomObject | Promise<DicomObject>;
  /** From 0. */
  readonly frame: number;
}

export interface DecodeOptions {
  readonly signal: AbortSignal;
  /** Default: one a processor. */
  readonly threads?: number;
}

/**
 * Decodes frames on all processors and gives them in the order of the requests, each as soon as those before it are done. The first is
 * decoded here, while the threads start. A few more than there are threads are under way at once, however slowly frames are taken.
 *
 * @throws Problem as `decodeFrame`, at the turn of the frame that has it; the signal's reason where it is aborted.
 */
export async function* decodeFrames(
  requests: Iterable<FrameRequest>,
  { signal, threads: count }: DecodeOptions,
): AsyncGenerator<DecodedFrame, void, undefined> {
  const threads = new DecoderThreads(count);
  const underWay: Promise<DecodedFrame>[] = [];
  let isFirst = true;
  try {
    for (const request of requests) {
      signal.throwIfAborted();
      const started = isFirst ? decodeHere(request) : decodeOnThread(threads, request);
      isFirst = false;
      // Whoever awaits it in its turn is told; until then a failure may lie.
      started.catch(() => undefined);
      underWay.push(started);
      const next = underWay.length > threads.count * 2 ? underWay.shift() : undefined;
      if (next !== undefined) yield await orAborted(next, signal);
    }
    for (const next of underWay) yield await orAborted(next, signal);
  } finally {
    await threads.close();
  }
}

/** A race with one long-lived promise would keep every frame for as long as that one lives. */
function orAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      reject(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)));
    };
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    void work.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', stop);
    });
  });
}

async function decodeHere({ open, frame }: FrameRequest): Promise<DecodedFrame> {
  return decodeFrame(await open(), frame);
}

async function decodeOnThread(threads: DecoderThreads, { open, frame }: FrameRequest): Promise<DecodedFrame> {
  const object = await open();
  const stored = await readStoredFrame(object, frame);
  if (stored.codec === 'native') return stored.decode();
  // The bytes may be part of a whole file that others still need.
  const result = await threads.decode({ ...stored, bytes: stored.bytes.slice() });
  if ('failure' in result) throw frameProblem(object, frame, result.failure);
  return result.frame;
}
