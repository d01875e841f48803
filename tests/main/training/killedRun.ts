import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { expect } from 'vitest';
import { loadCheckpoint } from '../../../main/training/checkpoint.ts';
import { launch, parseLines, type Ended } from '../cli/launch.ts';
import { hippocampus } from '../datasets/folders.ts';

const resumeArguments = (folder: string): readonly string[] => [
  'train',
  hippocampus,
  '--out',
  folder,
  '--resume',
  '--threads',
  '2',
  '--device',
  'cpu',
  '--json',
];

/** Goes on with a run to its end. */
export async function finish(folder: string): Promise<Record<string, unknown>> {
  const ended = await launch('sfumato', resumeArguments(folder)).ended;
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  return parseLines(ended.stdout).at(-1)!;
}

/** The moment of a kill: milliseconds after the start, or after that many progress events of the training. */
export interface Moment {
  readonly events: number;
  readonly milliseconds: number;
}

/** Goes on with a run and kills both of its processes at the moment, if it has not ended by then. */
export async function killAt(folder: string, { events, milliseconds }: Moment): Promise<Ended> {
  const run = launch('sfumato', resumeArguments(folder));
  let seen = 0;
  const reached = new Promise<void>((resolve) => {
    if (events === 0) resolve();
    createInterface({ input: run.process.stdout! }).on('line', (line) => {
      if (line.includes('"Training"') && ++seen === events) resolve();
    });
  });
  await Promise.race([reached, run.ended]);
  await Promise.race([setTimeout(milliseconds), run.ended]);
  if (run.process.exitCode === null) process.kill(-run.process.pid!, 'SIGKILL');
  return run.ended;
}

/** What must not depend on whether a run was killed: the shipped and the best weights, and all that a checkpoint goes on from. */
export async function bytesOf(folder: string) {
  const { progress, state, history } = await loadCheckpoint(join(folder, 'checkpoint.safetensors'));
  return {
    model: readFileSync(join(folder, 'model', 'weights.safetensors')),
    best: readFileSync(join(folder, 'best.safetensors')),
    state,
    history,
    progress: { ...progress, seconds: 'any' },
  };
}
