import { Problem } from '../../../ml/check/problem.ts';
import { gridDifference } from '../../../ml/volume/difference.ts';
import { splitChannels } from '../../../ml/volume/splitChannels.ts';
import type { Volume, VoxelArray } from '../../../ml/volume/volume.ts';
import { readImage } from '../../imaging/image.ts';
import type { Dataset, LabelledCase } from '../dataset.ts';
import { type CaseFacts, centresOf, hashOf, intensityOf, spacingOf, thumbnailOf } from './facts.ts';
import type { Finding } from './finding.ts';

/** What is wrong with a case by itself, and where its files could be read what it is like. */
export interface Examined {
  readonly findings: readonly Finding[];
  /** Absent where there is nothing to compare. */
  readonly facts?: CaseFacts;
  /** Values that are drawn. */
  readonly values: ReadonlySet<number>;
}

/** Reads a case and looks at everything that `loadCase` would refuse, not only at the first. */
export async function examineCase(dataset: Dataset, entry: LabelledCase, signal: AbortSignal): Promise<Examined> {
  const findings: Finding[] = [];
  const say = (severity: Finding['severity'], what: string, remedy: string) => {
    findings.push({ severity, cases: [entry.id], what, remedy });
  };
  const channels = await readChannels(dataset, entry, say, signal);
  const label = await attempt(async () => (await readImage(entry.label, { signal })).volume, say);
  const values = label === undefined ? new Set<number>() : checkValues(label, dataset, say);
  const [first, ...others] = channels;
  if (first === undefined) return { findings, values };
  for (const [n, other] of others.entries()) {
    const difference = gridDifference(first.grid, other.grid);
    const remedy = 'Resample one to the grid of the other.';
    if (difference !== undefined) say('error', `its channels 0 and ${n + 1} differ in ${difference}`, remedy);
  }
  channels.forEach(({ data }, n) => {
    checkIntensities(data, n, say);
  });
  const difference = label && gridDifference(first.grid, label.grid);
  if (difference !== undefined)
    say('error', `image and label differ in ${difference}`, 'Draw or resample the label on its image.');
  const hashes = channels.map(({ data }) => hashOf(data));
  if (new Set(hashes).size < hashes.length)
    say('error', 'two of its channels are the same, voxel for voxel', 'Put the right sequence into each channel.');
  if (channels.length !== dataset.channels.length || label === undefined) return { findings, values };
  const facts = {
    id: entry.id,
    group: entry.group,
    spacing: spacingOf(first.grid),
    intensities: channels.map(({ data }) => intensityOf(data)),
    hashes,
    labelHash: values.size === 0 ? undefined : hashOf(label.data),
    centres: centresOf(label),
    thumbnail: thumbnailOf(first),
  };
  return { findings, facts, values };
}

type Say = (severity: Finding['severity'], what: string, remedy: string) => void;

async function attempt<T>(work: () => Promise<T>, say: Say): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Problem) || error.kind === 'cancelled') throw error;
    say('error', error.what, error.remedy);
    return undefined;
  }
}

async function readChannels(
  dataset: Dataset,
  { images }: LabelledCase,
  say: Say,
  signal: AbortSignal,
): Promise<readonly Volume[]> {
  const read: (Volume | undefined)[] = [];
  for (const path of images) read.push(await attempt(async () => (await readImage(path, { signal })).volume, say));
  if (read.includes(undefined)) return [];
  const channels = read.flatMap((volume) => (volume === undefined ? [] : splitChannels(volume)));
  if (channels.length !== dataset.channels.length) {
    const names = dataset.channels.join(', ');
    const what = `it has ${channels.length} channels where the data set has ${dataset.channels.length} (${names})`;
    say('error', what, 'Add the missing channels, or correct dataset.json.');
  }
  return channels;
}

function checkIntensities(data: VoxelArray, channel: number, say: Say): void {
  const [first] = data;
  if (data.some((value) => !Number.isFinite(value)))
    say('error', `channel ${channel} has voxels that are no finite number`, 'Export the image again.');
  else if (data.every((value) => value === first))
    say('error', `every voxel of channel ${channel} is ${first ?? 0}`, 'Export the image again, or leave it out.');
}

/** @returns The values but the background. */
function checkValues({ data, channels }: Volume, { labels }: Dataset, say: Say): ReadonlySet<number> {
  const values = new Set<number>(data);
  if (channels !== 1) say('error', `its label has ${channels} values a voxel`, 'Use one label map a case.');
  const broken = [...values].filter((value) => !Number.isInteger(value));
  if (broken.length > 0) {
    const shown = broken.slice(0, 3).join(', ');
    const remedy = 'The label was interpolated or is no label: draw it again, or resample it by nearest neighbour.';
    say('error', `its label has ${broken.length} values that are not whole, such as ${shown}`, remedy);
  }
  const unknown = [...values].filter((one) => Number.isInteger(one) && labels.every(({ value }) => value !== one));
  if (unknown.length > 0) {
    const known = labels.map(({ value }) => value).join(', ');
    const what = `its label has values that are not known: ${unknown.slice(0, 10).join(', ')} (${known} are)`;
    say('error', what, 'Name them in dataset.json, or correct the label.');
  }
  values.delete(0);
  if (values.size === 0) say('warning', 'nothing is drawn in it', 'Draw it, or leave it out unless nothing is there.');
  return values;
}
