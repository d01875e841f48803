import { z } from 'zod';
import { nothing } from './call.ts';
import { bytes, path, studyId, uploadId, volumeId } from './ids.ts';

/** A volume as its headers describe it: `ImageDescription` of main/imaging. */
export const volumeSummary = z.strictObject({
  volume: volumeId,
  format: z.string(),
  modality: z.string().nullable(),
  description: z.string(),
  /** [x, y], [x, y, z] or [x, y, z, t]. */
  shape: z.array(z.number()),
  components: z.number(),
  frames: z.number(),
  dataType: z.string(),
  /** mm; null where unknown. */
  spacing: z.array(z.number()).nullable(),
  orientation: z.string(),
  transferSyntax: z.string().nullable(),
  unit: z.string().nullable(),
  files: z.number(),
  warnings: z.array(z.string()),
});

export const studySchema = z.strictObject({
  study: studyId,
  /** What it is called in the list; the person may change it. */
  name: z.string(),
  /** Where it was last opened from. */
  path,
  /** Whether it is still there. */
  isThere: z.boolean(),
  /** ISO 8601. */
  addedAt: z.string(),
  openedAt: z.string(),
  volumes: z.array(volumeSummary).min(1),
});

/** An element of a header; `depth` counts the sequences it is in. */
export const metadataRow = z.strictObject({
  tag: z.string(),
  name: z.string(),
  type: z.string(),
  value: z.string(),
  depth: z.int().min(0),
});

export type Study = z.infer<typeof studySchema>;

export const studyCalls = {
  /**
   * Opens what lies at the paths: a file, a zip, a DICOM folder, or a folder of image files, each of which is a study. Content that the
   * library knows is the study it knows. Nothing is copied or changed. What could not be read is said beside what could.
   */
  'studies:open': {
    ask: z.strictObject({ paths: z.array(path).min(1).max(1000) }),
    answer: z.strictObject({
      studies: z.array(studySchema),
      refused: z.array(z.strictObject({ path, what: z.string(), remedy: z.string() })),
    }),
  },
  /** The study that came with the product. */
  'studies:openSample': { ask: nothing, answer: z.strictObject({ studies: z.array(studySchema) }) },
  /** The library, latest opened first; `search` finds words of names, descriptions, modalities. */
  'studies:list': {
    ask: z.strictObject({ search: z.string().max(200).default('') }),
    answer: z.array(studySchema),
  },
  'studies:rename': { ask: z.strictObject({ study: studyId, name: z.string().min(1).max(200) }), answer: studySchema },
  /** Takes a study and its segmentations out of the library; its files stay, but for those that a browser sent. */
  'studies:remove': { ask: z.strictObject({ study: studyId }), answer: z.null() },
  /** A PNG of the middle slice, at most 160 pixels a side. */
  'studies:thumbnail': { ask: z.strictObject({ study: studyId }), answer: z.strictObject({ bytes }) },
  /** What the header of a volume says, for the metadata browser. */
  'studies:metadata': {
    ask: z.strictObject({ volume: volumeId }),
    answer: z.array(metadataRow),
  },
};

const fileEntry = z.strictObject({
  name: z.string(),
  path,
  kind: z.enum(['folder', 'file']),
  bytes: z.number().nullable(),
});

/** A browser has neither dialogs of this computer nor the paths of dropped files. */
export const fileCalls = {
  /** The system's own dialog. `native` is false where there is none: then show `files:browse`. No path: the person chose none. */
  'files:choose': {
    ask: z.strictObject({
      what: z.enum(['images', 'folder', 'save']),
      title: z.string().max(200),
      /** Proposed name of a file to save. */
      name: z.string().max(255).default(''),
    }),
    answer: z.strictObject({ native: z.boolean(), paths: z.array(path) }),
  },
  /** A folder of this computer; null: the home folder. */
  'files:browse': {
    ask: z.strictObject({ folder: path.nullable() }),
    answer: z.strictObject({ folder: path, parent: path.nullable(), entries: z.array(fileEntry) }),
  },
  /** Dropped files: begin, add every file in pieces of at most 16 MiB, finish, and open the path that comes back. */
  'uploads:begin': { ask: nothing, answer: z.strictObject({ upload: uploadId }) },
  'uploads:add': {
    ask: z.strictObject({
      upload: uploadId,
      /** Relative, with `/`. */
      name: z.string().min(1).max(1000),
      offset: z.int().min(0),
      bytes,
    }),
    answer: z.null(),
  },
  'uploads:finish': { ask: z.strictObject({ upload: uploadId }), answer: z.strictObject({ path }) },
};
