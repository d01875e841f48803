// What the compute process can be asked to do. The contract between the host and it; the interface never sees it.

import { z } from 'zod';
import type { Call } from '../contract/call.ts';
import { bytes, path, volumeId } from '../contract/ids.ts';
import { methodSchema } from '../contract/models.ts';
import { structureSchema } from '../contract/segmentations.ts';
import { metadataRow, volumeSummary } from '../contract/studies.ts';
import { comparisonSchema, datasetSchema, datasetCalls, metricSchema } from '../contract/training.ts';
import { dataType, volumeCalls, volumeFacts } from '../contract/volumes.ts';

const segmented = z.object({ folder: path });

const pieces = {
  /** The studies at a path, from headers: one of a file, a zip or a DICOM folder, one an image of any other folder. */
  'study:scan': {
    ask: z.strictObject({ path }),
    answer: z.strictObject({
      /** `content`: SHA-256 that is the same for the same files, wherever they lie. */
      studies: z.array(
        z.strictObject({
          path,
          content: z.string(),
          name: z.string(),
          volumes: z.array(volumeSummary.omit({ volume: true })),
        }),
      ),
      refused: z.array(z.strictObject({ path, what: z.string(), remedy: z.string() })),
    }),
  },
  'study:thumbnail': { ask: z.strictObject({ path }), answer: z.strictObject({ bytes }) },
  'study:metadata': { ask: z.strictObject({ path }), answer: z.array(metadataRow) },
  'volume:open': { ask: z.strictObject({ volume: volumeId, path }), answer: volumeFacts },
  'volume:slices': {
    ask: z.strictObject({ volume: volumeId, channel: z.int(), from: z.int(), to: z.int() }),
    answer: volumeCalls['volumes:slices'].answer,
  },
  /** Answered once all of an open volume is there. */
  'volume:whole': { ask: z.strictObject({ volume: volumeId }), answer: z.null() },
  'volume:close': { ask: z.strictObject({ volume: volumeId }), answer: z.null() },
  /** Writes labels as NIfTI on the grid and with the header geometry of an image. */
  'mask:write': {
    ask: z.strictObject({
      like: path,
      to: path,
      dataType: dataType.extract(['uint8', 'uint16']),
      bytes: bytes.nullable(),
    }),
    answer: z.null(),
  },
  'image:export': {
    ask: z.strictObject({
      from: path,
      to: path,
      structures: z.array(structureSchema).nullable(),
      replace: z.boolean(),
      /** Where the file is to be DICOM: the series that was segmented, and the model that drew it; null: a person. */
      dicom: z
        .strictObject({
          as: z.enum(['seg', 'rtstruct']),
          source: path,
          algorithm: z.strictObject({ name: z.string(), version: z.string() }).nullable(),
        })
        .nullable()
        .default(null),
    }),
    answer: z.strictObject({ lost: z.array(z.string()) }),
  },
  'masks:compare': {
    ask: z.strictObject({ a: path, b: path, values: z.array(z.int()) }),
    answer: z.array(z.strictObject({ both: z.number(), predicted: z.number(), reference: z.number() })),
  },
  segment: {
    ask: z.strictObject({
      channels: z.array(z.strictObject({ name: z.string(), path })).min(1),
      /** Folder of the segmentation; the results lie in `result` within. */
      out: path,
      model: z.string(),
      method: methodSchema.optional(),
      samples: z.int().optional(),
      steps: z.int().optional(),
      start: z.number().optional(),
      augment: z.boolean().optional(),
      prior: z.union([z.strictObject({ file: path }), z.strictObject({ model: z.string() })]).optional(),
      seed: z.int(),
    }),
    answer: segmented,
  },
  'dataset:open': {
    ask: z.strictObject({ folder: path }),
    answer: datasetSchema.omit({ dataset: true, folder: true }),
  },
  'dataset:check': { ask: z.strictObject({ folder: path }), answer: datasetCalls['datasets:check'].answer },
  'dataset:split': {
    ask: z.strictObject({ folder: path, seed: z.int() }),
    answer: datasetCalls['datasets:split'].answer,
  },
  'dataset:plan': {
    ask: z.strictObject({ folder: path, preset: z.enum(['small', 'base', 'large']) }),
    answer: datasetCalls['datasets:plan'].answer,
  },
  'dataset:build': {
    ask: z.strictObject({ sources: z.array(path), out: path }),
    answer: z.strictObject({ cases: z.number(), notes: z.array(z.string()) }),
  },
  train: {
    ask: z.strictObject({
      dataset: path,
      out: path,
      method: z.enum(['direct', 'diffusion']),
      preset: z.enum(['small', 'base', 'large']),
      minutes: z.number(),
      seed: z.int(),
      init: z.string().nullable(),
    }),
    answer: z.strictObject({ model: path, dice: z.number() }),
  },
  'training:compare': {
    ask: z.strictObject({ dataset: path, run: path, before: z.string(), after: z.string() }),
    answer: comparisonSchema,
  },
} satisfies Readonly<Record<string, Call>>;

type Pieces = typeof pieces;
export type PieceName = keyof Pieces;
export type PieceAsking<Name extends PieceName> = z.input<Pieces[Name]['ask']>;
export type PieceAsked<Name extends PieceName> = z.output<Pieces[Name]['ask']>;
export type PieceAnswer<Name extends PieceName> = z.output<Pieces[Name]['answer']>;

/** The same table as the compiler can follow a name through it. */
export const pieceChecks: {
  readonly [Name in PieceName]: {
    readonly ask: { parse(raw: unknown): PieceAsked<Name> };
    readonly answer: { parse(raw: unknown): PieceAnswer<Name> };
  };
} = pieces;

export const pieceName = z
  .enum(Object.keys(pieces))
  .pipe(z.custom<PieceName>((name) => Object.hasOwn(pieces, String(name))));

/** What a piece of work tells while it runs. */
export const updateSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('progress'),
    progress: z.strictObject({
      label: z.string(),
      done: z.number(),
      total: z.number(),
      secondsLeft: z.number().nullable(),
    }),
  }),
  /** Labels and entropy (bits) of the mean of the samples so far, [k, j, i]. */
  z.strictObject({
    kind: z.literal('preview'),
    samples: z.int(),
    of: z.int(),
    dataType: z.enum(['uint8', 'uint16']),
    mask: bytes,
    entropy: bytes,
  }),
  z.strictObject({ kind: z.literal('metric'), metric: metricSchema }),
  /** From here on it can go on where it was ended. */
  z.strictObject({
    kind: z.literal('resumable'),
    steps: z.number(),
    structures: z.array(z.string()),
    unknown: z.array(z.string()),
  }),
]);

export type Update = z.infer<typeof updateSchema>;
