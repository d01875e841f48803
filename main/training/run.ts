import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Problem } from '../../ml/check/problem.ts';
import { planSchema } from '../../ml/data/plan/planSchema.ts';
import { strategyNames } from '../../ml/training/strategies/strategies.ts';
import { writeFileAtomically } from '../files/atomic.ts';
import { fileProblem } from '../files/fileProblem.ts';
import { settingsSchema } from './settings.ts';

const ids = z.array(z.string());

/** Everything that decides a training's numbers; written once, before the first step, and never changed. */
const recordSchema = z.strictObject({
  schema: z.literal(1),
  dataset: z.strictObject({ name: z.string(), licence: z.string().nullable(), folder: z.string() }),
  labels: z.array(z.strictObject({ value: z.int(), name: z.string(), colour: z.string().nullable() })),
  split: z.strictObject({ train: ids, validation: ids, test: ids }),
  plan: planSchema,
  method: z.enum(['direct', 'diffusion']),
  strategy: z.enum(strategyNames),
  seed: z.int().min(0),
  settings: settingsSchema,
  /** Optimiser steps; `--minutes` is turned into steps when the training starts. */
  steps: z.int().min(1),
  /** Processor cores; sums are rounded in another order on another number. */
  threads: z.int().min(1),
});

export type RunRecord = z.infer<typeof recordSchema>;

/** A run that is about to start: how long it takes is settled once a step was timed. */
export type RunDraft = Omit<RunRecord, 'steps'> & { readonly budget: Budget };

export type Budget = { readonly steps: number } | { readonly minutes: number };

/** Where a run keeps what. */
export const runPaths = (folder: string) => ({
  record: join(folder, 'run.json'),
  metrics: join(folder, 'metrics.jsonl'),
  checkpoint: join(folder, 'checkpoint.safetensors'),
  best: join(folder, 'best.safetensors'),
  cache: join(folder, 'cache'),
  model: join(folder, 'model'),
});

export async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

export async function startRun(folder: string, record: RunRecord): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw fileProblem(error, folder);
  }
  await writeFileAtomically(runPaths(folder).record, JSON.stringify(recordSchema.parse(record), undefined, 2));
}

/**
 * Reads what a run was started with.
 *
 * @throws Problem 'data' where there is no run, or its record is damaged.
 */
export async function readRun(folder: string): Promise<RunRecord> {
  const { record } = runPaths(folder);
  const text = await readFile(record, 'utf8').catch((error: unknown) => {
    throw fileProblem(error, record);
  });
  const parsed = recordSchema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const what = `the record of the run is damaged: ${issue?.path.join('.')}: ${issue?.message}`;
  throw new Problem('data', what, record, 'Start the training anew in another folder.');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
