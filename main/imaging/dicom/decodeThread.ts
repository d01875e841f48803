// A thread that decodes frames. Started by `DecoderThreads`.

import { parentPort } from 'node:worker_threads';
import { explainFailure } from './codecs/undecodable.ts';
import { type FrameReply, frameRequestSchema } from './frameMessages.ts';
import { decodeCompressedFrame } from './pixels/decodeFrame.ts';

async function answer(message: unknown): Promise<FrameReply> {
  const { codec, bytes, format } = frameRequestSchema.parse(message);
  try {
    return { kind: 'frame', frame: await decodeCompressedFrame(codec, bytes, format) };
  } catch (error) {
    return { kind: 'failure', failure: explainFailure(error) };
  }
}

parentPort?.on('message', (message: unknown) => {
  void answer(message).then((reply) => {
    parentPort?.postMessage(reply, reply.kind === 'frame' ? [reply.frame.data.buffer] : []);
  });
});
