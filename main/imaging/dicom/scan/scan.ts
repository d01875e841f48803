import { Problem } from '../../../../ml/check/problem.ts';
import { isFolder } from '../../../files/folder.ts';
import { createProgress } from '../../../jobs/progress.ts';
import type { OpenOptions } from '../../reader.ts';
import { findDicomObject, type DicomObject } from '../object.ts';
import { readFrames, type Frame } from '../series/frame.ts';
import { readInstance, segmentation } from '../series/instance.ts';
import { entriesOf, isArchive } from './archive.ts';
import { entriesOfDirectory, isDirectory } from './directory.ts';
import { fileEntry, type Entry } from './entry.ts';
import { filesWithin } from './folder.ts';
import { inParallel } from './inParallel.ts';

/** What a path holds, from headers only. */
export interface Scan {
  readonly frames: readonly Frame<Entry>[];
  /** Segmentations, which have a reader of their own. */
  readonly segmentations: readonly Entry[];
  /** What was passed over and why, for a person to read. */
  readonly warnings: readonly string[];
}

/** Files read at a time: enough to keep a disk busy, few enough to hold their headers in a few MiB. */
const atOnce = 16;

/**
 * Reads the headers of a DICOM file, of everything in a folder or a zip archive, or of what a DICOMDIR names. What is no image is passed
 * over and counted.
 *
 * @throws Problem `data` where the path cannot be read, or is one file that is no DICOM image.
 */
export async function scan(path: string, { signal, report }: OpenOptions): Promise<Scan> {
  const { entries, warnings } = await findEntries(path);
  const progress = report && createProgress('Reading headers', entries.length, report);
  let done = 0;
  const found = await inParallel(entries, atOnce, async (entry) => {
    signal.throwIfAborted();
    const frames = await readEntry(entry, signal, entries.length === 1);
    progress?.(++done);
    return frames;
  });
  const frames = withoutCopies(found.flatMap((one) => (typeof one === 'string' ? [] : one)));
  return {
    frames: frames.kept,
    segmentations: entries.filter((_, n) => found[n] === segmentation),
    warnings: [
      ...warnings,
      ...count(found.filter((one) => typeof one === 'string').filter((why) => why !== segmentation)),
      ...(frames.copies > 0 ? [`${frames.copies} files are copies of others and were passed over`] : []),
    ],
  };
}

/**
 * The files of a folder, of an archive, or that a DICOMDIR names; any other file alone.
 *
 * @throws Problem `data` where the path cannot be read.
 */
export async function findEntries(path: string): Promise<{ entries: readonly Entry[]; warnings: readonly string[] }> {
  if (await isFolder(path)) {
    const entries: Entry[] = [];
    for await (const file of filesWithin(path)) entries.push(fileEntry(file));
    return { entries, warnings: [] };
  }
  if (await isArchive(path)) return { entries: await entriesOf(path), warnings: [] };
  const object = await findDicomObject(path, { pixels: false });
  if (object === undefined || !isDirectory(object)) return { entries: [fileEntry(path)], warnings: [] };
  const { entries, missing } = await entriesOfDirectory(object);
  if (entries.length === 0)
    throw new Problem(
      'data',
      'none of the files that it names is there',
      path,
      'Copy the whole medium, not its index alone.',
    );
  return { entries, warnings: missing > 0 ? [`${missing} of the files that the DICOMDIR names are not there`] : [] };
}

/** The frames of a file, or in words why it has none. */
async function readEntry(
  entry: Entry,
  signal: AbortSignal,
  isAlone: boolean,
): Promise<readonly Frame<Entry>[] | string> {
  try {
    const object = await findDicomObject(await entry.open(), { pixels: false, signal });
    if (object === undefined) return 'no DICOM';
    const instance = isDirectory(object) ? 'a DICOMDIR' : readInstance(object, entry);
    if (typeof instance === 'string') return alone(instance, object, isAlone);
    return readFrames(object, instance);
  } catch (error) {
    if (isAlone || !(error instanceof Problem)) throw error;
    return `unreadable (${error.what})`;
  }
}

function alone(why: string, { path, warnings }: DicomObject, isAlone: boolean): string {
  if (!isAlone) return why;
  const what = [`this is ${why}, no image`, ...warnings].join('; ');
  throw new Problem('data', what, path, 'Name a file that holds a picture, or the folder of the series.');
}

function count(reasons: readonly string[]): readonly string[] {
  return [...new Set(reasons)].map((reason) => {
    const number = reasons.filter((one) => one === reason).length;
    return `${number} ${number === 1 ? 'file was' : 'files were'} passed over: ${reason}`;
  });
}

/** An export often holds an instance twice. The first by path stays. Careless anonymisation gives all slices one UID: they are no copies. */
export function withoutCopies(frames: readonly Frame<Entry>[]): { kept: readonly Frame<Entry>[]; copies: number } {
  const first = new Map<string, string>();
  const copies = new Set<string>();
  const kept = frames.filter(({ instance: { uid, number, path }, plane, index }) => {
    if (uid === undefined) return true;
    const key = JSON.stringify([uid, number, index, plane?.position]);
    const known = first.get(key) ?? path;
    first.set(key, known);
    if (known !== path) copies.add(path);
    return known === path;
  });
  return { kept, copies: copies.size };
}
