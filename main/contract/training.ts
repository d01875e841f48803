import { z } from 'zod';
import { nothing } from './call.ts';
import { bytes, datasetId, jobId, path, runId, segmentationId } from './ids.ts';

export const datasetSchema = z.strictObject({
  dataset: datasetId,
  name: z.string(),
  folder: path,
  cases: z.number(),
  labelled: z.number(),
  channels: z.array(z.string()),
  structures: z.array(z.strictObject({ value: z.int(), name: z.string() })),
});

const findingSchema = z.strictObject({
  severity: z.enum(['error', 'warning']),
  cases: z.array(z.string()),
  what: z.string(),
  remedy: z.string(),
});

const named = z.strictObject({ dataset: datasetId });

export const datasetCalls = {
  /** The data sets of the workspace and those that were opened from elsewhere. */
  'datasets:list': { ask: nothing, answer: z.array(datasetSchema) },
  /** A folder in the layout of the Decathlon or nnU-Net, or with `images` and `labels`. */
  'datasets:open': { ask: z.strictObject({ folder: path }), answer: datasetSchema },
  /** Starts a job that makes a data set of folders and files, and of segmentations that the person has corrected. */
  'datasets:build': {
    ask: z.strictObject({
      name: z.string().min(1).max(100),
      sources: z.array(path).max(1000),
      segmentations: z.array(segmentationId).max(10_000),
    }),
    answer: z.strictObject({ job: jobId }),
  },
  'datasets:check': {
    ask: named,
    answer: z.strictObject({ cases: z.number(), findings: z.array(findingSchema) }),
  },
  /** Cases of each part, all cases of a patient in one. */
  'datasets:split': {
    ask: named.extend({ seed: z.int().min(0).default(0) }),
    answer: z.strictObject({
      train: z.array(z.string()),
      validation: z.array(z.string()),
      test: z.array(z.string()),
    }),
  },
  /** What a training would do, and why, one decision a row. */
  'datasets:plan': {
    ask: named.extend({ preset: z.enum(['small', 'base', 'large']) }),
    answer: z.strictObject({ rows: z.array(z.strictObject({ name: z.string(), value: z.string() })) }),
  },
};

/** A line of metrics.jsonl. */
export const metricSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('training'),
    step: z.number(),
    loss: z.number(),
    gradientNorm: z.number(),
    seconds: z.number(),
  }),
  z.object({
    kind: z.literal('validation'),
    step: z.number(),
    dice: z.number(),
    structures: z.array(z.number()),
  }),
]);

/** The name of a model of the library, or the folder of one. */
const modelReference = z.string().min(1).max(4096);

export const runSchema = z.strictObject({
  run: runId,
  name: z.string(),
  dataset: z.string(),
  method: z.enum(['direct', 'diffusion']),
  /** Optimiser steps of the whole training; null until they are settled. */
  steps: z.number().nullable(),
  structures: z.array(z.string()),
  /** The model that its weights go on from; null: it began with random ones. */
  init: modelReference.nullable(),
  /** Structures and channels that this model does not know, whose weights start anew: to be shown as a warning. */
  unknown: z.array(z.string()),
  /** The job that trains it now, or did last. */
  job: jobId,
  /** Name in the library of the model that it ended with. */
  model: z.string().nullable(),
});

/** A trained model beside the one that it went on from, on the same cases. */
export const comparisonSchema = z.strictObject({
  /** `test split` or, where that is empty, `validation split`, by which the training chose its best weights. */
  part: z.string(),
  cases: z.int().min(1),
  before: z.string(),
  after: z.string(),
  /** Mean Dice over the cases of each structure and, last, of all together; null where no case has it. */
  structures: z.array(
    z.strictObject({
      structure: z.string(),
      before: z.number().nullable(),
      after: z.number().nullable(),
      /** Mean of after less before over the cases, and its 95 % interval where there are two people or more. */
      difference: z.number().nullable(),
      interval: z.tuple([z.number(), z.number()]).nullable(),
    }),
  ),
  /** `Dice of the ... fell`, cases that a model had seen, and the like: to be shown with the table. */
  warnings: z.array(z.string()),
});

const ofRun = z.strictObject({ run: runId });

export const trainingCalls = {
  'training:list': { ask: nothing, answer: z.array(runSchema) },
  'training:start': {
    ask: z.strictObject({
      dataset: datasetId,
      /** Of the model that comes of it. */
      name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'not a name of lower-case letters, digits and hyphens'),
      method: z.enum(['direct', 'diffusion']),
      preset: z.enum(['small', 'base', 'large']),
      minutes: z.number().positive().max(100_000),
      /** Goes on from a model (fine-tuning). */
      init: modelReference.optional(),
      seed: z.int().min(0).default(0),
    }),
    answer: runSchema,
  },
  /** Stops after the step under way, with a checkpoint. */
  'training:pause': { ask: ofRun, answer: runSchema },
  'training:resume': { ask: ofRun, answer: runSchema },
  /** Ends it for good; the checkpoints stay. */
  'training:stop': { ask: ofRun, answer: runSchema },
  'training:metrics': { ask: ofRun, answer: z.array(metricSchema) },
  /** What the last validation saw, PNG: the prediction filled, the reference a white line; null before the first. */
  'training:picture': { ask: ofRun, answer: z.strictObject({ bytes }).nullable() },
  /** Starts a job that scores the trained model and the one it went on from on cases that neither learned from in this run. */
  'training:compare': { ask: ofRun, answer: z.strictObject({ job: jobId }) },
  /** What that job found; null before. */
  'training:comparison': { ask: ofRun, answer: comparisonSchema.nullable() },
};
