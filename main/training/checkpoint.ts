import { z } from 'zod';
import { Problem } from '../../ml/check/problem.ts';
import { writeFileAtomically } from '../files/atomic.ts';
import { encodeSafetensors, readSafetensors, type StoredTensor } from '../services/models/safetensors.ts';
import type { LossHistory } from '../../ml/diffusion/timesteps/importance.ts';
import type { Shape } from '../../ml/graph/ops.ts';

/** A training between two steps: with the record of the run, all that is needed to go on to the same bits. */
export interface Checkpoint {
  /** Steps done. */
  readonly step: number;
  /** Seconds of training so far, over all its sessions. */
  readonly seconds: number;
  /** Kept inputs of the training program: parameters, moments, running averages. */
  readonly state: Readonly<Record<string, Float32Array>>;
  readonly history: LossHistory;
  readonly best: BestSoFar | undefined;
  /** Validations since the best one. */
  readonly stale: number;
}

export interface BestSoFar {
  readonly step: number;
  /** Mean Dice of the validation cases. */
  readonly dice: number;
}

const metadataSchema = z.object({
  step: z.coerce.number().pipe(z.int().min(0)),
  seconds: z.coerce.number(),
  meanSquares: z.string(),
  counts: z.string(),
  best: z.string().transform((text) =>
    z
      .strictObject({ step: z.int(), dice: z.number() })
      .optional()
      .parse(text === '' ? undefined : JSON.parse(text)),
  ),
  stale: z.coerce.number().pipe(z.int().min(0)),
});

const toBase64 = ({ buffer, byteOffset, byteLength }: Float64Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('base64');

const fromBase64 = (text: string): Float64Array =>
  new Float64Array(Uint8Array.from(Buffer.from(text, 'base64')).buffer);

/** Tensors by name, each flat. */
export const flatTensors = (values: Readonly<Record<string, Float32Array>>): ReadonlyMap<string, StoredTensor> =>
  new Map(
    Object.entries(values).map(([name, data]) => [name, { type: 'F32', shape: [data.length] satisfies Shape, data }]),
  );

/** Replaces the run's checkpoint; at every moment the old or the new one is whole on the disk. */
export async function saveCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  const { step, seconds, state, history, best, stale } = checkpoint;
  const bytes = encodeSafetensors(flatTensors(state), {
    step: String(step),
    seconds: String(seconds),
    meanSquares: toBase64(history.meanSquares),
    counts: toBase64(history.counts),
    best: best ? JSON.stringify(best) : '',
    stale: String(stale),
  });
  await writeFileAtomically(path, bytes, { existing: 'replace' });
}

/** @throws Problem 'data' where the checkpoint is damaged. */
export async function loadCheckpoint(path: string): Promise<Checkpoint> {
  const { tensors, metadata } = await readSafetensors(path);
  const parsed = metadataSchema.safeParse(metadata);
  if (!parsed.success)
    throw new Problem('data', 'the checkpoint is damaged', path, 'Start the training anew in another folder.');
  const { meanSquares, counts, ...rest } = parsed.data;
  return {
    ...rest,
    state: Object.fromEntries([...tensors].map(([name, { data }]) => [name, data])),
    history: { meanSquares: fromBase64(meanSquares), counts: fromBase64(counts) },
  };
}
