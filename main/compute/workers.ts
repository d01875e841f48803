import type { PieceName } from './pieces.ts';
import { datasetWorkers } from './work/datasets.ts';
import { imageWorkers } from './work/images.ts';
import { segment } from './work/segment.ts';
import { scanStudy } from './work/scanStudy.ts';
import { studyThumbnail } from './work/thumbnail.ts';
import { studyMetadata } from './work/metadata.ts';
import { compareTraining } from './work/compareTraining.ts';
import { train } from './work/train.ts';
import { volumeWorkers } from './work/volumes.ts';
import type { Worker } from './workContext.ts';

/** How each piece of work is done. */
export const workers: { readonly [Name in PieceName]: Worker<Name> } = {
  'study:scan': scanStudy,
  'study:thumbnail': studyThumbnail,
  'study:metadata': studyMetadata,
  ...volumeWorkers,
  ...imageWorkers,
  segment,
  ...datasetWorkers,
  train,
  'training:compare': compareTraining,
};
