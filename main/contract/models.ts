import { z } from 'zod';
import { nothing } from './call.ts';
import { volumeId } from './ids.ts';
import { problemSchema } from './problem.ts';

export const methodSchema = z.enum(['direct', 'diffusion', 'pd-ddpm', 'ensemble']);

const modelSummary = z.strictObject({
  name: z.string(),
  version: z.string(),
  source: z.enum(['shipped', 'own']),
  task: z.string(),
  licence: z.string(),
  modality: z.string(),
  channels: z.array(z.string()),
  structures: z.array(z.strictObject({ value: z.int(), name: z.string(), colour: z.string() })),
  dimensions: z.union([z.literal(2), z.literal(3)]),
  spacing: z.array(z.number()),
  unit: z.enum(['mm', 'voxel']),
  methods: z.array(methodSchema),
  recommended: z.strictObject({
    method: methodSchema,
    samples: z.number(),
    steps: z.number(),
    start: z.number(),
    sampler: z.string(),
  }),
  /** Steps of the chain, the most that can be asked for; null without a diffusion network. */
  timesteps: z.number().nullable(),
  scores: z.array(
    z.strictObject({
      method: z.string(),
      structure: z.string(),
      metric: z.string(),
      mean: z.number(),
      interval: z.tuple([z.number(), z.number()]),
      cases: z.number(),
    }),
  ),
  trainedOn: z.strictObject({ name: z.string(), licence: z.string(), cases: z.number() }),
  bytes: z.number(),
});

export type ModelSummary = z.infer<typeof modelSummary>;

export const modelCalls = {
  /** Every model of this computer, and the folders that hold a broken one. */
  'models:list': {
    ask: nothing,
    answer: z.strictObject({
      models: z.array(modelSummary),
      broken: z.array(z.strictObject({ folder: z.string(), problem: problemSchema })),
    }),
  },
  /** Which models make sense of a volume, and why others do not. `cautions` do not keep a model from running. */
  'models:fit': {
    ask: z.strictObject({ volumes: z.array(volumeId).min(1).max(64) }),
    answer: z.array(
      z.strictObject({
        model: z.string(),
        fits: z.boolean(),
        reasons: z.array(z.string()),
        cautions: z.array(z.string()),
      }),
    ),
  },
  /** The model card, Markdown. */
  'models:card': { ask: z.strictObject({ model: z.string().max(64) }), answer: z.strictObject({ text: z.string() }) },
};
