import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { preprocessImage, preprocessLabel } from '../../ml/data/preprocess.ts';
import type { Preparation } from '../../ml/data/preprocess.ts';
import { sampleLocations } from '../../ml/data/sampleLocations.ts';
import { writeFileAtomically } from '../files/atomic.ts';
import { fileProblem } from '../files/fileProblem.ts';
import { giveWay } from '../jobs/cancellation.ts';
import { createProgress } from '../jobs/progress.ts';
import type { ReportProgress } from '../jobs/progress.ts';
import { cacheIndexSchema, caseFiles, indexPath, sourceOf } from './cacheIndex.ts';
import type { CacheEntry, CacheIndex } from './cacheIndex.ts';
import { valuesInFiles, type Dataset, type LabelledCase } from './dataset.ts';
import { readJson } from '../files/json.ts';
import { loadCase } from './loadCase.ts';

export interface CacheJob {
  /** Created where it is not there. */
  readonly folder: string;
  readonly dataset: Pick<Dataset, 'channels' | 'labels'>;
  readonly cases: readonly LabelledCase[];
  readonly plan: Preparation;
  readonly signal: AbortSignal;
  readonly report: ReportProgress;
}

/** Cases after which the index is written: what an interruption can cost. */
const CASES_AN_INDEX = 20;

/**
 * Prepares every case once for all the steps of a training and keeps it on disk. Cases that are there already are kept, so
 * interrupted work goes on where it was; cases of another plan or data set are removed at the end.
 *
 * @throws Problem 'data' for the first case that is bad, and where the disk is full.
 */
export async function prepareCache(job: CacheJob): Promise<void> {
  const { folder, dataset, cases, plan, signal, report } = job;
  await makeFolder(folder);
  const known = new Map((await readKnown(folder)).map((entry) => [entry.source, entry]));
  const progress = createProgress('Preparing the images', cases.length, report);
  const entries: CacheEntry[] = [];
  const write = () => writeIndex(folder, { schema: 1, channels: dataset.channels.length, cases: entries });
  for (const entry of cases) {
    await giveWay(signal);
    const source = await sourceOf(dataset, entry, plan);
    const found = known.get(source);
    entries.push(found ?? { id: entry.id, source, ...(await prepare(job, entry, source)) });
    if (!found && entries.length % CASES_AN_INDEX === 0) await write();
    progress(entries.length);
  }
  await write();
  await removeOthers(folder, entries);
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw fileProblem(error, folder);
  }
}

async function readKnown(folder: string): Promise<readonly CacheEntry[]> {
  return (await readJson(indexPath(folder), cacheIndexSchema))?.cases ?? [];
}

async function writeIndex(folder: string, index: CacheIndex): Promise<void> {
  await writeFileAtomically(indexPath(folder), JSON.stringify(index), { existing: 'replace' });
}

async function prepare(
  { folder, dataset, plan }: CacheJob,
  entry: LabelledCase,
  source: string,
): Promise<Pick<CacheEntry, 'shape' | 'locations'>> {
  const voxels = await loadCase(dataset, entry);
  const image = preprocessImage(voxels.image, plan);
  const label = preprocessLabel(voxels.label, plan);
  const locations = sampleLocations(label.data, valuesInFiles(dataset.labels).length);
  const files = caseFiles(folder, source);
  await writeFileAtomically(files.image, bytesOf(image.data), { existing: 'replace' });
  await writeFileAtomically(files.label, label.data, { existing: 'replace' });
  await writeFileAtomically(files.locations, Buffer.concat(locations.map(bytesOf)), { existing: 'replace' });
  const [i, j, k] = image.grid.shape;
  return { shape: [k, j, i], locations: locations.map(({ length }) => length) };
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array | Uint32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

async function removeOthers(folder: string, entries: readonly CacheEntry[]): Promise<void> {
  const sources = new Set(entries.map(({ source }) => source));
  for (const file of await readdir(folder)) {
    const source = /^([0-9a-f]{32})\./.exec(file)?.[1];
    if (source !== undefined && !sources.has(source)) await rm(join(folder, file), { force: true });
  }
}
