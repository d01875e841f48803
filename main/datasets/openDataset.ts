import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { Problem } from '../../ml/check/problem.ts';
import { integerLabels } from '../../ml/volume/integerLabels.ts';
import { fileProblem } from '../files/fileProblem.ts';
import { colours } from '../imaging/colours.ts';
import { describeImages, readImage } from '../imaging/image.ts';
import type { Dataset, DatasetCase, Label } from './dataset.ts';
import { isLabelled } from './dataset.ts';
import { readDescription } from './description.ts';
import { groupOf } from './groupOf.ts';
import { listImages } from './listImages.ts';
import { pairFiles } from './pairFiles.ts';
import { readSplit } from './readSplit.ts';

export interface DatasetOptions {
  /** Pattern that finds the person in a case's id; see `groupOf`. A split file's persons go before it. */
  readonly groupBy?: string | undefined;
  /** File that lays down the split; see `readSplit`. */
  readonly splitFile?: string | undefined;
}

const MOST_CLASSES = 256;

/**
 * Opens a data set: the layout of the Medical Segmentation Decathlon and nnU-Net (`dataset.json`, `imagesTr`, `labelsTr`,
 * `imagesTs`), or plain `images` and `labels` of one name each. Voxels are checked case by case by `loadCase`.
 *
 * @throws Problem 'data' naming file or field, 'usage' for a bad option.
 */
export async function openDataset(folder: string, { groupBy, splitFile }: DatasetOptions = {}): Promise<Dataset> {
  const path = resolve(folder);
  const dataset = await openCases(path, groupBy);
  const given = await readSplit(path, [basename(path), dataset.name], dataset.cases, splitFile);
  return { ...dataset, cases: given?.cases ?? dataset.cases, split: given?.split };
}

/** As `openDataset`, whatever a split file says: persons are those that ids tell. */
export async function openCases(folder: string, groupBy: string | undefined): Promise<Dataset> {
  const path = resolve(folder);
  const { images, labels, further } = await findFolders(path);
  const description = await readDescription(path);
  const pairs = [
    ...pairFiles(path, await listImages(images), await listImages(labels)),
    ...(further === undefined ? [] : pairFiles(path, await listImages(further), undefined)),
  ];
  const cases = pairs
    .map((pair): DatasetCase => ({ ...pair, group: groupOf(pair.id, groupBy) }))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  if (!cases.some(isLabelled))
    throw new Problem('data', 'there is no image', images, 'Put images there, with labels of the same names.');
  const twice = cases.find(({ id }, n) => cases[n + 1]?.id === id);
  if (twice) throw new Problem('data', `${twice.id} is both a training and a test image`, path, 'Remove one of them.');
  return {
    name: description.name ?? basename(path),
    licence: description.licence,
    channels: description.channels ?? (await channelNames(cases)),
    labels: checkLabels(description.labels ?? (await inferLabels(cases)), path),
    cases,
    split: undefined,
  };
}

async function findFolders(path: string): Promise<{ images: string; labels: string; further: string | undefined }> {
  if (!(await isFolder(path))) {
    throw new Problem('data', 'this is not a folder', path, 'Name the folder that holds the data set.');
  }
  const layouts = [
    ['imagesTr', 'labelsTr', 'imagesTs'],
    ['images', 'labels', undefined],
  ] as const;
  for (const [images, labels, further] of layouts) {
    if (!(await isFolder(join(path, images)))) continue;
    if (!(await isFolder(join(path, labels)))) {
      throw new Problem('data', `there is ${images} but no ${labels}`, path, `Add the folder ${labels}.`);
    }
    const rest = further !== undefined && (await isFolder(join(path, further))) ? join(path, further) : undefined;
    return { images: join(path, images), labels: join(path, labels), further: rest };
  }
  throw new Problem(
    'data',
    'this is no data set',
    path,
    'It needs the folders imagesTr and labelsTr, or images and labels.',
  );
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    const problem = fileProblem(error, path);
    if (problem instanceof Problem && problem.what.startsWith('there is no such')) return false;
    throw problem;
  }
}

async function channelNames(cases: readonly DatasetCase[]): Promise<readonly string[]> {
  const count = Math.max(...cases.map(({ images }) => images.length));
  if (count === 1 && (await hasColour(cases))) return colours;
  return count === 1 ? ['image'] : Array.from({ length: count }, (_, n) => `image_${n}`);
}

/** Whether any case is a picture of three colours; grey ones beside them are read in colour too. */
async function hasColour(cases: readonly DatasetCase[]): Promise<boolean> {
  for (const path of cases.flatMap(({ images }) => images)) {
    const [first] = await describeImages(path);
    if (first?.format !== 'picture') return false;
    if (first.components === colours.length) return true;
  }
  return false;
}

async function inferLabels(cases: readonly DatasetCase[]): Promise<readonly Label[]> {
  const values = new Set([0]);
  for (const { label } of cases.filter(isLabelled)) {
    const { volume } = await readImage(label);
    for (const value of new Set(integerLabels(volume, label).data)) values.add(value);
  }
  return [...values]
    .toSorted((a, b) => a - b)
    .map((value) => ({ value, name: value === 0 ? 'background' : `label_${value}` }));
}

function checkLabels(labels: readonly Label[], path: string): readonly Label[] {
  if (labels.length < 2) {
    throw new Problem(
      'data',
      'no label but the background is known',
      path,
      'Draw something, or name the labels in dataset.json.',
    );
  }
  if (labels.length > MOST_CLASSES) {
    throw new Problem(
      'data',
      `there are ${labels.length} labels, and ${MOST_CLASSES} are possible`,
      path,
      'Check that the labels are masks and not images.',
    );
  }
  return labels;
}
