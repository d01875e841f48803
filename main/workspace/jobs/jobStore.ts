import { z } from 'zod';
import { jobSchema } from '../../contract/jobs.ts';
import { datasetId, path, segmentationId, studyId, volumeId } from '../../contract/ids.ts';
import { methodSchema } from '../../contract/models.ts';
import { priorSchema } from '../../contract/segmentations.ts';
import { writeRecord } from '../../files/record.ts';
import type { Records } from '../records/records.ts';

/** What a job does, kept so that it can be done again. */
const workSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('segmentation'),
    study: studyId,
    segmentation: segmentationId,
    channels: z.array(volumeId).min(1),
    model: z.string(),
    method: methodSchema.optional(),
    samples: z.int().optional(),
    steps: z.int().optional(),
    start: z.number().optional(),
    augment: z.boolean().optional(),
    prior: priorSchema.optional(),
    seed: z.int(),
  }),
  z.strictObject({
    kind: z.literal('dataset'),
    dataset: datasetId,
    name: z.string(),
    sources: z.array(path),
    segmentations: z.array(segmentationId),
  }),
  z.strictObject({ kind: z.literal('training'), run: z.string() }),
  z.strictObject({ kind: z.literal('comparison'), run: z.string() }),
]);

export type Work = z.infer<typeof workSchema>;

const recordSchema = z.strictObject({ job: jobSchema, work: workSchema });

export type JobRecord = z.infer<typeof recordSchema>;

/** Ended jobs that are remembered. */
const MOST_ENDED = 200;

const words = {
  name: 'list of jobs',
  remedy: 'Start again what was under way; a training can be resumed from the list of trainings.',
};

/** The jobs of a workspace, in one file. */
export class JobStore {
  readonly #path: string;
  readonly #records: Records;
  #last: Promise<void> = Promise.resolve();

  constructor(path: string, records: Records) {
    this.#path = path;
    this.#records = records;
  }

  async load(): Promise<JobRecord[]> {
    return (await this.#records.read(this.#path, z.array(recordSchema), words)) ?? [];
  }

  /** Writes follow one another; the last one holds the latest. */
  save(records: readonly JobRecord[]): Promise<void> {
    const ended = records.filter(({ job }) => job.endedAt !== null);
    const kept = records.filter(
      (record) => record.job.endedAt === null || ended.indexOf(record) >= ended.length - MOST_ENDED,
    );
    const text = structuredClone(kept);
    this.#last = this.#last.catch(() => undefined).then(() => writeRecord(this.#path, text));
    return this.#last;
  }
}
