import { z } from 'zod';
import { membershipNames } from '../../nn/classProbability.ts';
import { normalisationSchema } from '../normalise.ts';

const side = z.int().positive();
const length = z.number().positive();
/** Slices on either side of one; those further away tell little of it. */
export const contextSchema = z.int().min(0).max(8);

/**
 * Everything that `train` decides before the first step, so that inference can do the same to an image. Images are first turned
 * so that their axes point along patient left, posterior and superior (LPS), then normalised, then resampled to `spacing`.
 */
export const planSchema = z.object({
  schema: z.literal(1),
  dimensions: z.union([z.literal(2), z.literal(3)]),
  /** Names of the image channels, in the order in which the network takes them. */
  channels: z.array(z.string()).min(1),
  /** Number of classes, the background included. */
  classes: z.int().min(2).max(256),
  /** Whether a voxel is of one class or of any number of them. */
  membership: z.enum(membershipNames).default('exclusive'),
  /** Slices on either side that a network of two dimensions sees beside the one it segments, as further channels. */
  context: contextSchema.default(0),
  /** Along i, j, k. In two dimensions every image keeps its own slices, and the third only says how far apart they mostly are. */
  spacing: z.tuple([length, length, length]),
  unit: z.enum(['mm', 'voxel']),
  /** One a channel. */
  normalisation: z.array(normalisationSchema).min(1),
  /** `[k, j, i]`, or `[j, i]` in two dimensions; each a multiple of `2 ** (levels - 1)`. */
  patch: z.union([z.tuple([side, side, side]), z.tuple([side, side])]),
  network: z.object({
    /** Feature channels of each level, finest first; each level has half the resolution of the one before, along every axis. */
    channels: z.array(side).min(1),
    /** Residual blocks a level, on the way down and on the way up. */
    blocks: side,
  }),
  batchSize: side,
  /** What training is estimated to need. */
  memoryMiB: z.number().positive(),
  /** What was chosen and why, one sentence each, for people. */
  explanation: z.array(z.string()),
});

export type Plan = z.infer<typeof planSchema>;
