/** Of a copy: a few milliseconds of the window's thread. */
const pieceBytes = 8 * 2 ** 20;

/**
 * A copy of voxels to give away to a worker. Cloned by the browser, those of a large scan would hold the window for a tenth of a second: here it
 * answers between pieces.
 */
export async function copyVoxels({ buffer, byteOffset, byteLength }: ArrayBufferView): Promise<ArrayBuffer> {
  const from = new Uint8Array(buffer, byteOffset, byteLength);
  const to = new Uint8Array(byteLength);
  for (let at = 0; at < byteLength; at += pieceBytes) {
    if (at > 0) await new Promise((resolve) => setTimeout(resolve));
    to.set(from.subarray(at, at + pieceBytes), at);
  }
  return to.buffer;
}

/**
 * Asks a worker its one question; the worker ends with the answer or with the signal.
 *
 * @returns `undefined` where the signal came first.
 * @throws  What the worker threw.
 */
export function askWorker<Answer>(
  make: () => Worker,
  question: object,
  transfer: readonly Transferable[],
  signal: AbortSignal,
): Promise<Answer | undefined> {
  if (signal.aborted) return Promise.resolve(undefined);
  const worker = make();
  return new Promise<Answer | undefined>((resolve, reject) => {
    signal.addEventListener('abort', () => {
      resolve(undefined);
    });
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      resolve(data);
    };
    worker.onerror = ({ message }) => {
      reject(new Error(message));
    };
    worker.postMessage(question, [...transfer]);
  }).finally(() => {
    worker.terminate();
  });
}
