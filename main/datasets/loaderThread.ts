// A thread of the loader: makes the batches it is asked for. Started by `startLoaderThread`.

import { parentPort, workerData } from 'node:worker_threads';
import { Problem } from '../../ml/check/problem.ts';
import { drawBatch } from '../../ml/data/batch.ts';
import type { Batch } from '../../ml/data/batch.ts';
import { DiskCases } from './diskCases.ts';
import type { Reply } from './loaderMessages.ts';
import { requestSchema, threadSettingsSchema } from './loaderMessages.ts';

let make: ((step: number) => Batch) | undefined;

/** Opened at the first request, whose answer tells where that fails. */
function openCases(): (step: number) => Batch {
  const { cacheFolder, memory, cases, augmentation, ...recipe } = threadSettingsSchema.parse(workerData);
  const source = new DiskCases(cacheFolder, memory);
  const indices = cases.map((id) => source.find(id));
  return (step) => drawBatch(source, { ...recipe, cases: indices, augmentation }, step);
}

function answer(step: number): Reply {
  try {
    make ??= openCases();
    const { image, label } = make(step);
    return { kind: 'batch', step, image, label };
  } catch (error) {
    if (error instanceof Problem) {
      const { kind, what, where, remedy } = error;
      return { kind: 'problem', step, problem: { kind, what, where, remedy } };
    }
    return { kind: 'bug', step, message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

parentPort?.on('message', (message: unknown) => {
  const reply = answer(requestSchema.parse(message).step);
  parentPort?.postMessage(reply, reply.kind === 'batch' ? [reply.image.buffer, reply.label.buffer] : []);
});
