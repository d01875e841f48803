import { z } from 'zod';
import { Problem } from '../../ml/check/problem.ts';
import { writeFileAtomically } from '../files/atomic.ts';
import { encodeSafetensors, flatTensors, readSafetensors } from '../services/models/safetensors.ts';
import type { LossHistory } from '../../ml/diffusion/timesteps/importance.ts';

const whole = z.int().min(0);

const bestSchema = z.strictObject({
  step: whole,
  /** Mean Dice of the validation cases. */
  dice: z.number(),
});

export type BestSoFar = z.infer<typeof bestSchema>;

const progressSchema = z.strictObject({
  /** Steps done. */
  step: whole,
  /** Seconds of training so far, over all its sessions. */
  seconds: z.number().min(0),
  /** The step of the last validation; 0: none yet. */
  validated: whole,
  best: bestSchema.optional(),
  /** Validations since the best one. */
  stale: whole,
});

/** How far a training is. */
export type TrainingProgress = z.infer<typeof progressSchema>;

/** A training between two steps: with the record of the run, all that is needed to go on to the same bits. */
export interface Checkpoint {
  readonly progress: TrainingProgress;
  /** Kept inputs of the training program: parameters, moments, running averages. */
  readonly state: Readonly<Record<string, Float32Array>>;
  readonly history: LossHistory;
}

/** Float64, little-endian, as base64: every bit of a number survives. */
const numbersSchema = z
  .base64()
  .transform((text) => Uint8Array.from(Buffer.from(text, 'base64')))
  .refine(({ length }) => length % Float64Array.BYTES_PER_ELEMENT === 0)
  .transform(({ buffer }) => new Float64Array(buffer));

const toBase64 = ({ buffer, byteOffset, byteLength }: Float64Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('base64');

const metadataSchema = z.object({
  progress: z.string().transform(parseJson).pipe(progressSchema),
  meanSquares: numbersSchema,
  counts: numbersSchema,
});

/** Replaces the run's checkpoint; at every moment the old or the new one is whole on the disk. */
export async function saveCheckpoint(path: string, { progress, state, history }: Checkpoint): Promise<void> {
  const bytes = encodeSafetensors(flatTensors(state), {
    progress: JSON.stringify(progress),
    meanSquares: toBase64(history.meanSquares),
    counts: toBase64(history.counts),
  });
  await writeFileAtomically(path, bytes, { existing: 'replace' });
}

/** @throws Problem 'data' where the checkpoint is damaged. */
export async function loadCheckpoint(path: string): Promise<Checkpoint> {
  const { tensors, metadata } = await readSafetensors(path).catch((error: unknown) => {
    throw error instanceof Problem ? damaged(path, error) : error;
  });
  const parsed = metadataSchema.safeParse(metadata);
  if (!parsed.success) throw damaged(path, parsed.error);
  const { progress, ...history } = parsed.data;
  return { progress, state: Object.fromEntries([...tensors].map(([name, { data }]) => [name, data])), history };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const damaged = (path: string, cause: Error): Problem =>
  new Problem('data', 'the checkpoint is damaged', path, 'Start the training anew in another folder.', { cause });
