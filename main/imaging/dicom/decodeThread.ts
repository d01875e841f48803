// A thread that decodes frames. Started by `DecoderThreads`.

import { parentPort } from 'node:worker_threads';
import { explainFailure } from './codecs/undecodable.ts';
import { type FrameReply, frameRequestSchema } from './frameMessages.ts';
import { decodeCompressedFrame } from './pixels/decodeFrame.ts';

async function answer(message: unknown): Promise<FrameReply> {
  const { codec, bytes, format, target } = frameRequestSchema.parse(message);
  try {
    const frame = await decodeCompressedFrame(codec, bytes, format, target);
    return { kind: 'frame', frame, bytes: bytes.buffer };
  } catch (error) {
    return { kind: 'failure', failure: explainFailure(error) };
  }
}

function reply(message: FrameReply): void {
  parentPort?.postMessage(message, message.kind === 'frame' ? [message.frame.data.buffer, message.bytes] : []);
}

let last = Promise.resolve();
parentPort?.on('message', (message: unknown) => {
  last = last.then(async () => {
    reply(await answer(message));
  });
});
reply({ kind: 'ready' });
