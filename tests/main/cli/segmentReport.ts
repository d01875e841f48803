import { z } from 'zod';
import { samplerNames } from '../../../ml/inference/predictSamples.ts';
import { methods } from '../../../main/services/segmentation/settings.ts';

const whole = z.int().min(0);
const seconds = z.number().min(0);

const structure = z.object({
  value: z.int().min(1),
  name: z.string(),
  voxels: whole,
  volumeMl: z.number(),
  volumeMlLow: z.number(),
  volumeMlHigh: z.number(),
  volumeRange: z.string(),
  meanEntropyBits: z.number().nullable(),
});

/** report.json as cli.md lays it down; more may stand in it. */
export const reportSchema = z.object({
  schema: z.literal(1),
  case: z.string(),
  input: z.object({
    files: z.int().min(1),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    shape: z.array(z.int().min(1)).min(3).max(4),
    spacing: z.tuple([z.number(), z.number(), z.number()]).nullable(),
    orientation: z.string().regex(/^[LRAPSI]{3}$/),
    modality: z.string().nullable(),
  }),
  model: z.object({ name: z.string(), version: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  method: z.enum(methods),
  sampler: z.enum(samplerNames).nullable(),
  steps: whole.nullable(),
  start: z.number().nullable(),
  networkPasses: z.int().min(1),
  samples: z.int().min(1),
  seed: whole,
  engine: z.literal('onnxruntime'),
  device: z.string(),
  threads: z.int().min(1),
  seconds: z.object({
    read: seconds,
    preprocess: seconds,
    network: seconds,
    postprocess: seconds,
    write: seconds,
    total: seconds,
  }),
  peakMemoryMiB: z.number().min(10),
  structures: z.array(structure).min(1),
  mostEntropyBits: z.number().positive(),
  slicesToReview: z.array(z.object({ axis: z.enum(['i', 'j', 'k']), index: whole, score: z.number() })),
  warnings: z.array(z.string()),
});
