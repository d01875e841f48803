import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { launch, type Ended } from './launch.ts';

/** When Ctrl-C comes: milliseconds after the start, or after the first line of output that holds the text. */
export interface StopMoment {
  readonly line?: string;
  readonly milliseconds: number;
}

export interface Stopped extends Ended {
  /** From Ctrl-C to the end of both processes, milliseconds. */
  readonly took: number;
}

/** Starts a command and presses Ctrl-C, which a terminal sends to the whole group. */
export async function stopAt(args: readonly string[], { line, milliseconds }: StopMoment): Promise<Stopped> {
  const run = launch('sfumato', [...args, '--json']);
  const reached = new Promise<void>((resolve) => {
    createInterface({ input: run.process.stdout! }).on('line', (text) => {
      if (line === undefined || text.includes(line)) resolve();
    });
    if (line === undefined) resolve();
  });
  await Promise.race([reached, run.ended]);
  await Promise.race([setTimeout(milliseconds), run.ended]);
  const pressed = performance.now();
  if (run.process.exitCode === null) process.kill(-run.process.pid!, 'SIGINT');
  const ended = await run.ended;
  return { ...ended, took: performance.now() - pressed };
}
