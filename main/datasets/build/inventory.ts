import { Problem } from '../../../ml/check/problem.ts';
import { createProgress } from '../../jobs/progress.ts';
import { findDicomObject } from '../../imaging/dicom/object.ts';
import { entriesOf, isArchive } from '../../imaging/dicom/scan/archive.ts';
import { isDirectory } from '../../imaging/dicom/scan/directory.ts';
import type { Entry } from '../../imaging/dicom/scan/entry.ts';
import { inParallel } from '../../imaging/dicom/scan/inParallel.ts';
import { findEntries, withoutCopies } from '../../imaging/dicom/scan/scan.ts';
import { type Frame, readFrames } from '../../imaging/dicom/series/frame.ts';
import { readInstance } from '../../imaging/dicom/series/instance.ts';
import type { OpenOptions } from '../../imaging/reader.ts';
import { drawingFind, isDrawing, type Origin, originOf, seriesFinds } from './dicomFinds.ts';
import { fileFinds, isVolumeFile } from './fileFinds.ts';
import type { FoundLabel, Inventory, LeftOut } from './found.ts';
import { personOfFile } from './personOfFile.ts';

/** Files read at a time; see scan.ts. */
const atOnce = 16;

/** What one file turned out to be. */
type Content =
  | { readonly is: 'frames'; readonly frames: readonly Frame<Entry>[]; readonly origin: Origin }
  | { readonly is: 'label'; readonly label: FoundLabel }
  | { readonly is: 'volume' }
  | { readonly is: 'other'; readonly why: string };

/**
 * Finds images and labels in files, folders, zip archives and DICOMDIRs, from headers only.
 *
 * @param groupBy Pattern that finds the person in the path of a file; see `personOfFile`.
 * @throws Problem 'data' where a source cannot be read, 'usage' where the pattern is none.
 */
export async function takeInventory(
  sources: readonly string[],
  groupBy: string | undefined,
  options: OpenOptions,
): Promise<Inventory> {
  const entries = await listEntries(sources);
  const progress = options.report && createProgress('Reading headers', entries.length, options.report);
  let done = 0;
  const contents = await inParallel(entries, atOnce, async (entry) => {
    options.signal.throwIfAborted();
    const content = await readContent(entry, groupBy, options.signal);
    progress?.(++done);
    return content;
  });
  const leftOut: LeftOut[] = [];
  const frames: Frame<Entry>[] = [];
  const labels: FoundLabel[] = [];
  const volumes: string[] = [];
  const origins = new Map<string, Origin>();
  for (const [n, content] of contents.entries()) {
    const { path } = entries[n]!;
    if (content.is === 'frames') {
      frames.push(...content.frames);
      origins.set(path, content.origin);
    } else if (content.is === 'label') labels.push(content.label);
    else if (content.is === 'volume') volumes.push(path);
    else leftOut.push({ path, why: content.why });
  }
  const files = await fileFinds(volumes, (stem, path) => personOfFile(stem, path, groupBy));
  return {
    images: [...seriesFinds(withoutCopies(frames).kept, origins), ...files.images],
    labels: [...labels, ...files.labels],
    leftOut,
  };
}

/** Each file once, though sources may lie within one another; archives are looked into. */
async function listEntries(sources: readonly string[]): Promise<readonly Entry[]> {
  const found = new Map<string, Entry>();
  for (const source of sources) {
    for (const entry of (await findEntries(source)).entries) {
      const within = entry.path === entry.file && (await isArchive(entry.file).catch(() => false));
      for (const one of within ? await entriesOf(entry.file) : [entry]) found.set(one.path, one);
    }
  }
  return [...found.values()];
}

async function readContent(entry: Entry, groupBy: string | undefined, signal: AbortSignal): Promise<Content> {
  const isWithin = entry.path !== entry.file;
  if (isVolumeFile(entry.path))
    return isWithin ? { is: 'other', why: 'an image within an archive: unpack it' } : { is: 'volume' };
  try {
    const object = await findDicomObject(await entry.open(), { pixels: false, signal });
    if (object === undefined) return { is: 'other', why: 'no medical image' };
    if (isDirectory(object)) return { is: 'other', why: 'a DICOMDIR' };
    const instance = isDrawing(object) ? undefined : readInstance(object, entry);
    if (typeof instance === 'string') return { is: 'other', why: instance };
    const origin = originOf(object, (path) => personOfFile(undefined, path, groupBy));
    if (instance === undefined) return { is: 'label', label: drawingFind(object, origin, entry) };
    return { is: 'frames', frames: readFrames(object, instance), origin };
  } catch (error) {
    if (!(error instanceof Problem) || error.kind !== 'data') throw error;
    return { is: 'other', why: error.what };
  }
}
