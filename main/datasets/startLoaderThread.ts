import { Worker } from 'node:worker_threads';
import type { ThreadSettings } from './loaderMessages.ts';

/**
 * Starts a thread that answers requests for batches. The production build makes a JavaScript file of the thread's source and
 * rewrites its address here; from the sources, where it still is TypeScript, the thread starts by way of tsx.
 */
export function startLoaderThread(settings: ThreadSettings): Worker {
  const thread = new URL('./loaderThread.ts', import.meta.url);
  const isSource = thread.pathname.endsWith('.ts');
  return new Worker(isSource ? new URL('./loaderThread.development.mjs', import.meta.url) : thread, {
    workerData: settings,
  });
}
