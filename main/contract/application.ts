import { z } from 'zod';
import { nothing } from './call.ts';
import { problemSchema } from './problem.ts';

export const settingsSchema = z.strictObject({
  theme: z.enum(['system', 'dark', 'light']).default('dark'),
  /** The tour is shown until the person has seen or closed it. */
  tourSeen: z.boolean().default(false),
  layout: z.enum(['four', 'axial', 'coronal', 'sagittal', 'volume', 'row']).default('four'),
  /** 0..1, of labels over the image. */
  overlayOpacity: z.number().min(0).max(1).default(0.4),
  overlayStyle: z.enum(['fill', 'outline', 'both']).default('both'),
  brushMillimetres: z.number().positive().max(200).default(8),
  lastFolder: z.string().max(4096).nullable().default(null),
});

export type Settings = z.infer<typeof settingsSchema>;

/** Something that the person should read, though nothing they asked for failed: a damaged record was put aside. */
export const noticeSchema = problemSchema.omit({ kind: true });

export type Notice = z.infer<typeof noticeSchema>;

/** Without defaults: what is left out stays as it is. */
export const settingsChange = z.strictObject({
  theme: settingsSchema.shape.theme.unwrap().optional(),
  tourSeen: z.boolean().optional(),
  layout: settingsSchema.shape.layout.unwrap().optional(),
  overlayOpacity: settingsSchema.shape.overlayOpacity.unwrap().optional(),
  overlayStyle: settingsSchema.shape.overlayStyle.unwrap().optional(),
  brushMillimetres: settingsSchema.shape.brushMillimetres.unwrap().optional(),
  lastFolder: settingsSchema.shape.lastFolder.unwrap().optional(),
});

export const applicationCalls = {
  'application:about': {
    ask: nothing,
    answer: z.strictObject({
      version: z.string(),
      /** `electron` or `server`. */
      door: z.enum(['electron', 'server']),
      engine: z.string(),
      device: z.string(),
      threads: z.number(),
      workspace: z.string(),
      licence: z.string(),
      notice: z.string(),
      clinicalUse: z.literal('Not for clinical use'),
    }),
  },
  /** What was run and changed, latest first. */
  'application:audit': {
    ask: z.strictObject({ most: z.int().min(1).max(10_000).default(200) }),
    answer: z.array(
      z.strictObject({
        at: z.string(),
        what: z.string(),
        facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
      }),
    ),
  },
  /** What was told by `host:notice` since the host began, oldest first: most of it before any window listens. */
  'application:notices': { ask: nothing, answer: z.array(noticeSchema) },
  'settings:read': { ask: nothing, answer: settingsSchema },
  'settings:change': { ask: settingsChange, answer: settingsSchema },
};
