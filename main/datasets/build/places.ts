import { basename, dirname } from 'node:path';

const halves = /^(images|labels|masks|segmentations|annotations)(tr|ts)?$/i;
const isLabelFolder = /^(labels|masks|segmentations|annotations)(tr|ts)?$/i;
const labelEnd = /(?:^|[_.-])(seg|segmentation|label|labels|labelmap|mask|gt)$/i;

/** Two files of one key belong together: same stem in the same folder, or in `images` and `labels` beside each other. */
const stemKey = (folder: string, stem: string): string =>
  JSON.stringify([halves.test(basename(folder)) ? dirname(folder) : folder, stem]);

const folderKey = (folder: string): string => JSON.stringify([folder]);

/** The folder that would hold `dataset.json`. */
export const rootOf = (path: string): string =>
  halves.test(basename(dirname(path))) ? dirname(dirname(path)) : dirname(path);

/** Whether a file's folder or name says that it is a label. */
export function isLabelName(path: string, stem: string): boolean {
  if (/\.seg\.nrrd$/i.test(path) || isLabelFolder.test(basename(dirname(path)))) return true;
  return !halves.test(basename(dirname(path))) && labelEnd.test(stem);
}

/** The stem of a label without what says that it is one: `case7_seg` is drawn on `case7`. */
export function labelStem(path: string, stem: string): string {
  return isLabelFolder.test(basename(dirname(path))) ? stem : stem.replace(labelEnd, '');
}

/** How an image or label in a file is found by its partner; the likeliest first. */
export const filePlaces = (path: string, stem: string): readonly string[] => [
  stemKey(dirname(path), stem),
  folderKey(dirname(path)),
];

/** The same for a DICOM series: the name of its folder is its stem. */
export const seriesPlaces = (folder: string): readonly string[] => [
  stemKey(dirname(folder), basename(folder)),
  folderKey(folder),
];
