import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Problem } from '../../ml/check/problem.ts';
import { planSchema } from '../../ml/data/plan/planSchema.ts';
import { strategyNames } from '../../ml/training/strategies/strategies.ts';
import { writeFileAtomically } from '../files/atomic.ts';
import { encodeSafetensors, flatTensors, readSafetensors } from '../services/models/safetensors.ts';
import { fileProblem } from '../files/fileProblem.ts';
import { readJson } from '../files/json.ts';
import { settingsSchema } from './settings.ts';

const ids = z.array(z.string());

const labelSchema = z.strictObject({
  value: z.int(),
  name: z.string(),
  colour: z.string().nullable(),
  covers: z.array(z.int()).optional(),
});

/** Everything that decides a training's numbers; written once, before the first step, and never changed. */
const recordSchema = z.strictObject({
  schema: z.literal(1),
  dataset: z.strictObject({ name: z.string(), licence: z.string().nullable(), folder: z.string() }),
  labels: z.array(labelSchema),
  split: z.strictObject({ train: ids, validation: ids, test: ids }),
  plan: planSchema,
  /** The model that the weights go on from, and what it did not know: those weights start anew. Null: all do. */
  init: z
    .strictObject({ name: z.string(), version: z.string(), sha256: z.string(), unknown: ids })
    .nullable()
    .default(null),
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
export type RunDraft = Omit<RunRecord, 'steps'> & {
  readonly budget: Budget;
  /** First values of all parameters, where they are those of a model. */
  readonly initial?: Weights | undefined;
};

/** Float32 values by the name of the parameter. */
export type Weights = Readonly<Record<string, Float32Array>>;

export type Budget = { readonly steps: number } | { readonly minutes: number };

/** Where a run keeps what. */
export const runPaths = (folder: string) => ({
  record: join(folder, 'run.json'),
  initial: join(folder, 'initial.safetensors'),
  metrics: join(folder, 'metrics.jsonl'),
  picture: join(folder, 'validation.png'),
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

/** Writes what a run starts from, its record last: a folder with a record is a run. */
export async function startRun(folder: string, record: RunRecord, initial: Weights | undefined): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw fileProblem(error, folder);
  }
  const paths = runPaths(folder);
  if (initial)
    await writeFileAtomically(paths.initial, encodeSafetensors(flatTensors(initial)), { existing: 'replace' });
  await writeFileAtomically(paths.record, JSON.stringify(recordSchema.parse(record), undefined, 2));
}

/** First values of a run that goes on from a model. */
export async function readInitial(folder: string, { init }: RunRecord): Promise<Weights | undefined> {
  if (init === null) return undefined;
  const { tensors } = await readSafetensors(runPaths(folder).initial);
  return Object.fromEntries([...tensors].map(([name, { data }]) => [name, data]));
}

/**
 * Reads what a run was started with.
 *
 * @throws Problem 'data' where there is no run, or its record is damaged.
 */
export async function readRun(folder: string): Promise<RunRecord> {
  const { record } = runPaths(folder);
  const found = await readJson(
    record,
    recordSchema,
    'Start the training anew in another folder: the record of the run is damaged.',
  );
  if (found) return found;
  throw new Problem('data', 'there is no training here', folder, 'Check the folder.');
}
