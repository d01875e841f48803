// What names things across the door. Ids are made by the host; the interface only hands them back.

import { z } from 'zod';

const id = z.string().regex(/^[0-9a-f]{16}$/, 'not an id');

/** Of a study: the same content has the same id, wherever it lies. */
export const studyId = id;
export const segmentationId = id;
export const jobId = id;
export const datasetId = id;
export const runId = id;
export const uploadId = id;

/**
 * Of a volume: `STUDY#N`, the Nth volume of a study from 1, or `SEGMENTATION/MAP`, a map of a segmentation.
 */
export const volumeId = z
  .string()
  .regex(/^[0-9a-f]{16}(#[1-9]\d{0,5}|\/(mask|probability|entropy|samples))$/, 'not the id of a volume');

/** A file or folder of the computer that the host runs on. */
export const path = z.string().min(1).max(4096);

/** Bytes that travel as they are: only as the field `bytes` of an ask or a reply. */
export const bytes = z.instanceof(ArrayBuffer);
