import { z } from 'zod';
import { noticeSchema } from './application.ts';
import { jobId, runId, studyId, volumeId } from './ids.ts';
import { jobSchema } from './jobs.ts';
import { metricSchema } from './training.ts';

/** What the host tells without being asked. An event says that something changed; bytes are then asked for. */
const events = {
  /** Of any job, whatever changed: a few times a second while it runs. */
  'job:changed': jobSchema,
  'job:forgotten': z.strictObject({ job: jobId }),
  /** Another sample is in the preview: see `segmentations:preview`. */
  'segmentation:preview': z.strictObject({ job: jobId, samples: z.int().min(1), of: z.int().min(1) }),
  /** The segmentations of a study are others than before. */
  'segmentations:changed': z.strictObject({ study: studyId }),
  'studies:changed': z.strictObject({}),
  'volume:reading': z.strictObject({
    volume: volumeId,
    done: z.number(),
    total: z.number(),
    secondsLeft: z.number().nullable(),
  }),
  /** All of a volume was read: opening it again gives all that is known of it. */
  'volume:whole': z.strictObject({ volume: volumeId }),
  'training:metric': z.strictObject({ run: runId, metric: metricSchema }),
  /** `application:notices` gives those of before. */
  'host:notice': noticeSchema,
  /** Files were given from outside the window: dropped on the icon, opened with this application, chosen in the menu. */
  'host:open': z.strictObject({ paths: z.array(z.string()) }),
};

export type Events = { readonly [Name in keyof typeof events]: z.output<(typeof events)[Name]> };
export type EventName = keyof Events;

/** The same table as the compiler can follow an event's name through it. */
export const eventChecks: { readonly [Name in EventName]: { parse(raw: unknown): Events[Name] } } = events;

/** An event on its way. */
export const eventMessage = z.strictObject({ name: z.string(), value: z.unknown() });
