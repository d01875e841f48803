import { setImmediate } from 'node:timers/promises';

/**
 * Lets pending events in, then throws the signal's reason if the job was cancelled. A loop that only computes must call it a
 * few times a second: until it does, Ctrl-C is not even noticed. Where the loop waits for something anyway,
 * `signal.throwIfAborted()` is enough.
 */
export async function giveWay(signal: AbortSignal): Promise<void> {
  await setImmediate();
  signal.throwIfAborted();
}
