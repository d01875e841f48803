import { z } from 'zod';
import { augmentationSchema } from '../../ml/data/augmentation/settings.ts';
import { planSchema } from '../../ml/data/plan/planSchema.ts';

// What crosses between the loader and its threads.

/** How a thread is started. */
export const threadSettingsSchema = z.object({
  cacheFolder: z.string(),
  /** Bytes of prepared cases that the thread may keep. */
  memory: z.number().positive(),
  plan: planSchema.pick({ patch: true, spacing: true, context: true }),
  /** Ids. */
  cases: z.array(z.string()).min(1),
  seed: z.number(),
  batchSize: z.int().positive(),
  augmentation: augmentationSchema.optional(),
});

export type ThreadSettings = z.infer<typeof threadSettingsSchema>;

/** The loader asks for the batch of one step. */
export const requestSchema = z.object({ step: z.int().nonnegative() });

/** A thread answers every request once. */
export const replySchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('batch'),
    step: z.int(),
    image: z.instanceof(Float32Array<ArrayBuffer>),
    label: z.instanceof(Uint8Array<ArrayBuffer>),
  }),
  z.object({
    kind: z.literal('problem'),
    step: z.int(),
    problem: z.object({
      kind: z.enum(['usage', 'data', 'memory', 'cancelled', 'model']),
      what: z.string(),
      where: z.string(),
      remedy: z.string(),
    }),
  }),
  z.object({ kind: z.literal('bug'), step: z.int(), message: z.string() }),
]);

export type Reply = z.infer<typeof replySchema>;
