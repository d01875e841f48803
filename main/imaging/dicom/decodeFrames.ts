import { explainFailure } from './codecs/undecodable.ts';
import { frameProblem, readStoredFrame, type StoredFrame } from './frames.ts';
import type { DicomObject } from './object.ts';
import { type DecodedFrame, decodeCompressedFrame } from './pixels/decodeFrame.ts';
import { bitsOfFrame } from './pixels/format.ts';
import { SpareBuffers } from './spareBuffers.ts';
import { decoderThreads, type FrameResult, type FrameTask } from './threads.ts';

export interface FrameRequest {
  /** Called when the turn of the frame comes; may give the same object for many frames, or read a file just then. */
  readonly open: () => DicomObject | Promise<DicomObject>;
  /** From 0. */
  readonly frame: number;
}

export interface DecodeOptions {
  readonly signal: AbortSignal;
  /** Default: those of the process. */
  readonly threads?: typeof decoderThreads;
}

interface Decoded {
  readonly frame: DecodedFrame;
  /** Buffers that nobody else uses, once the frame has been taken. */
  readonly spare: readonly ArrayBuffer[];
}

/**
 * Decodes frames on all processors and gives them in the order of the requests, each as soon as those before it are done. A few more than
 * there are threads are under way at once, however slowly frames are taken. The values of a frame are overwritten when the next is asked for.
 *
 * @throws Problem as `decodeFrame`, at the turn of the frame that has it; the signal's reason where it is aborted.
 */
export async function* decodeFrames(
  requests: Iterable<FrameRequest>,
  { signal, threads = decoderThreads }: DecodeOptions,
): AsyncGenerator<DecodedFrame, void, undefined> {
  const buffers = new SpareBuffers();
  const underWay: Promise<Decoded>[] = [];
  const take = async function* (most: number): AsyncGenerator<DecodedFrame, void, undefined> {
    for (let next = underWay[most]; next !== undefined; next = underWay[most]) {
      const { frame, spare } = await orAborted(underWay.shift()!, signal);
      yield frame;
      for (const buffer of spare) buffers.give(buffer);
    }
  };
  let isFirst = true;
  for (const request of requests) {
    signal.throwIfAborted();
    // One frame is not worth a thread.
    const started = decode(request, buffers, isFirst ? () => undefined : (task) => threads.decode(task));
    isFirst = false;
    // Whoever awaits it in its turn is told; until then a failure may lie.
    started.catch(() => undefined);
    underWay.push(started);
    yield* take(threads.capacity);
  }
  yield* take(0);
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

async function decode(
  { open, frame: index }: FrameRequest,
  buffers: SpareBuffers,
  elsewhere: (task: FrameTask) => Promise<FrameResult> | undefined,
): Promise<Decoded> {
  const object = await open();
  let room: ArrayBuffer | undefined;
  const stored = await readStoredFrame(object, index, (bytes) => (room = buffers.take(bytes)));
  if (stored.codec === 'native') return { frame: stored.decode(), spare: room === undefined ? [] : [room] };
  const task = taskOf(stored, room, buffers);
  const result = await (elsewhere(task) ?? decodeHere(task));
  if ('failure' in result) throw frameProblem(object, index, result.failure);
  buffers.give(result.bytes);
  return { frame: result.frame, spare: [result.frame.data.buffer] };
}

/** Bytes of a frame for which room is made before its codestream has said that it is as large as the object claims. */
const largestTarget = 2 ** 26;

function taskOf(
  { codec, bytes, format }: Exclude<StoredFrame, { codec: 'native' }>,
  room: ArrayBuffer | undefined,
  buffers: SpareBuffers,
): FrameTask {
  const size = Math.ceil(bitsOfFrame(format) / 8);
  const target = size <= largestTarget ? buffers.take(size) : undefined;
  // Bytes that are not in a room of their own may be part of a whole file that others still need.
  return { codec, bytes: bytes.buffer === room ? bytes : bytes.slice(), format, target };
}

async function decodeHere({ codec, bytes, format, target }: FrameTask): Promise<FrameResult> {
  try {
    return { frame: await decodeCompressedFrame(codec, bytes, format, target), bytes: bytes.buffer };
  } catch (error) {
    return { failure: explainFailure(error) };
  }
}
