import { z } from 'zod';
import { nothing } from './call.ts';
import { datasetId, jobId, runId, segmentationId, studyId } from './ids.ts';
import { problemSchema } from './problem.ts';

const progressSchema = z.strictObject({
  label: z.string(),
  done: z.number(),
  total: z.number(),
  /** Null until enough was done to tell. */
  secondsLeft: z.number().nullable(),
});

/** What a job left. */
const outcome = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('segmentation'), study: studyId, segmentation: segmentationId }),
  z.strictObject({ kind: z.literal('dataset'), dataset: datasetId }),
  z.strictObject({ kind: z.literal('training'), run: runId, model: z.string() }),
  z.strictObject({ kind: z.literal('comparison'), run: runId }),
]);

export const jobSchema = z.strictObject({
  job: jobId,
  kind: z.enum(['segmentation', 'dataset', 'training', 'comparison']),
  title: z.string(),
  study: studyId.nullable(),
  run: runId.nullable(),
  /** `interrupted`: the process that did it ended; it can be retried, and a training goes on from its checkpoint. */
  state: z.enum(['waiting', 'running', 'paused', 'done', 'failed', 'cancelled', 'interrupted']),
  progress: progressSchema.nullable(),
  problem: problemSchema.nullable(),
  outcome: outcome.nullable(),
  createdAt: z.string(),
  endedAt: z.string().nullable(),
});

export type Job = z.infer<typeof jobSchema>;

const named = z.strictObject({ job: jobId });

export const jobCalls = {
  /** Waiting and running ones in their order, then those that ended, latest first. */
  'jobs:list': { ask: nothing, answer: z.array(jobSchema) },
  /** It has stopped when this is answered, within a second. */
  'jobs:cancel': { ask: named, answer: jobSchema },
  /** Starts a failed, cancelled or interrupted job again; a training goes on from its checkpoint. */
  'jobs:retry': { ask: named, answer: jobSchema },
  /** Takes an ended job off the list. */
  'jobs:forget': { ask: named, answer: z.null() },
};
