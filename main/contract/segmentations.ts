import { z } from 'zod';
import { methodSchema } from './models.ts';
import { bytes, jobId, path, segmentationId, studyId, volumeId } from './ids.ts';

const colour = z.string().regex(/^#[0-9a-f]{6}$/, 'not a colour like #e6550d');

/** One row of the structure table. */
export const structureSchema = z.strictObject({
  value: z.int().min(1).max(65_535),
  name: z.string().min(1).max(200),
  colour,
  locked: z.boolean(),
});

export type Structure = z.infer<typeof structureSchema>;

/** What the report says of a structure; volumes in mL, or in voxels where spacing is unknown. */
const measuredStructure = z.strictObject({
  value: z.int(),
  name: z.string(),
  voxels: z.number(),
  unit: z.enum(['mL', 'voxels']),
  volume: z.number(),
  low: z.number(),
  high: z.number(),
  /** `range of 8 samples`. */
  range: z.string(),
  meanEntropyBits: z.number().nullable(),
});

export const segmentationSchema = z.strictObject({
  segmentation: segmentationId,
  study: studyId,
  /** The volume whose grid it is on. */
  volume: volumeId,
  name: z.string(),
  createdAt: z.string(),
  changedAt: z.string(),
  structures: z.array(structureSchema),
  /** The maps that there are, as volumes: labels; [classes, k, j, i]; bits; one channel a sample. */
  maps: z.strictObject({
    mask: volumeId,
    probability: volumeId.nullable(),
    entropy: volumeId.nullable(),
    samples: volumeId.nullable(),
  }),
  /** How it was made; null for one that was drawn or opened. */
  made: z
    .strictObject({
      model: z.string(),
      version: z.string(),
      method: methodSchema,
      samples: z.number(),
      steps: z.number().nullable(),
      start: z.number().nullable(),
      seed: z.number(),
      seconds: z.number(),
      measured: z.array(measuredStructure),
      /** The entropy of a voxel that the model knows nothing of: the upper end of its map. */
      mostEntropyBits: z.number(),
      slicesToReview: z.array(z.strictObject({ axis: z.string(), index: z.number(), score: z.number() })),
      warnings: z.array(z.string()),
    })
    .nullable(),
  /** Whether the person has changed it. */
  edited: z.boolean(),
});

export type Segmentation = z.infer<typeof segmentationSchema>;

export const priorSchema = z.union([
  z.strictObject({ segmentation: segmentationId }),
  z.strictObject({ model: z.string().min(1).max(64) }),
]);

const dicomKind = z.enum(['seg', 'rtstruct']);

const named = z.strictObject({ segmentation: segmentationId });

export const segmentationCalls = {
  /** Starts a job. What is left out is as the model recommends. `channels`: a volume for each of the model's channels, in its order. */
  'segmentations:run': {
    ask: z.strictObject({
      study: studyId,
      channels: z.array(volumeId).min(1).max(64),
      model: z.string().min(1).max(64),
      method: methodSchema.optional(),
      samples: z.int().min(1).max(1000).optional(),
      steps: z.int().min(1).max(100_000).optional(),
      start: z.number().gt(0).max(1).optional(),
      /** Every sample but the first sees the image turned, moved and scaled a little. */
      augment: z.boolean().optional(),
      /** What `pd-ddpm` starts from in place of the model's own segmentor: the labels of a segmentation as last saved, or another model. */
      prior: priorSchema.optional(),
      seed: z.int().min(0).default(0),
    }),
    answer: z.strictObject({ job: jobId }),
  },
  /** While the job runs: the labels of the mean of the samples so far (uint8 or uint16 [k, j, i], as `dataType` says). */
  'segmentations:preview': {
    ask: z.strictObject({ job: jobId, map: z.enum(['mask', 'entropy']) }),
    answer: z.strictObject({ samples: z.int().min(1), dataType: z.enum(['uint8', 'uint16', 'float32']), bytes }),
  },
  'segmentations:list': { ask: z.strictObject({ study: studyId }), answer: z.array(segmentationSchema) },
  /** An empty one, to draw in. */
  'segmentations:create': {
    ask: z.strictObject({ volume: volumeId, name: z.string().min(1).max(200), structures: z.array(structureSchema) }),
    answer: segmentationSchema,
  },
  'segmentations:rename': { ask: named.extend({ name: z.string().min(1).max(200) }), answer: segmentationSchema },
  /** Names, colours and locks. */
  'segmentations:structures': {
    ask: named.extend({ structures: z.array(structureSchema).max(65_535) }),
    answer: segmentationSchema,
  },
  'segmentations:remove': { ask: named, answer: z.null() },
  /** Writes the labels as they are now and begins an empty edit log: `bytes` in the type of the mask, or uint16 where labels need it. */
  'segmentations:save': {
    ask: named.extend({ dataType: z.enum(['uint8', 'uint16']), bytes }),
    answer: segmentationSchema,
  },
  /** Writes what was last saved. Read back and compared before it is called saved; says what the format could not hold. */
  'segmentations:export': {
    ask: named.extend({
      map: z.enum(['mask', 'probability', 'entropy', 'samples']),
      path,
      replace: z.boolean(),
      /** What a mask becomes whose file ends with `.dcm`. */
      dicom: dicomKind.default('seg'),
    }),
    answer: z.strictObject({ path, lost: z.array(z.string()) }),
  },
  /** What a file may be called to be exported: extensions with a word for the person. DICOM only where the study is. */
  'segmentations:formats': {
    ask: named,
    answer: z.array(z.strictObject({ extension: z.string(), name: z.string(), dicom: dicomKind.nullable() })),
  },
  /** Structure by structure, `null` where a structure is in neither. */
  'segmentations:compare': {
    ask: z.strictObject({ a: segmentationId, b: segmentationId }),
    answer: z.strictObject({
      structures: z.array(
        z.strictObject({
          value: z.int(),
          name: z.string(),
          dice: z.number().nullable(),
          voxelsA: z.number(),
          voxelsB: z.number(),
        }),
      ),
    }),
  },
};

/** The edit log of a segmentation: small changes since it was last saved, safe from a kill at any moment. */
export const editCalls = {
  /** Adds an entry and answers once it is on the disk. */
  'edits:append': { ask: named.extend({ bytes }), answer: z.null() },
  /** All entries since the last save in order, one after another: each 4 bytes of length (little-endian), then itself. */
  'edits:load': { ask: named, answer: z.strictObject({ entries: z.int().min(0), bytes }) },
};
