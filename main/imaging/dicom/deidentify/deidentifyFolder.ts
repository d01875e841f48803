import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../../../../ml/check/problem.ts';
import { writeFileAtomically } from '../../../files/atomic.ts';
import { refuseExisting, writeFolderAtomically } from '../../../files/folder.ts';
import { createProgress } from '../../../jobs/progress.ts';
import type { OpenOptions } from '../../reader.ts';
import { Salt } from '../../salt.ts';
import { type DicomObject, findDicomObject } from '../object.ts';
import { structureSetClass } from '../rtstruct/readStructureSet.ts';
import type { Entry } from '../scan/entry.ts';
import { findEntries } from '../scan/scan.ts';
import { type Tag, tags } from '../tags.ts';
import { mayBeBurnedIn } from './burnedIn.ts';
import { deidentify } from './deidentify.ts';
import { leftovers } from './leftovers.ts';

export interface DeidentifyOptions extends OpenOptions {
  readonly existing: 'refuse' | 'replace';
}

/** What was made. */
export interface DeidentifiedFolder {
  readonly patients: number;
  readonly series: number;
  readonly files: number;
  /** What was left out, and what a person has to look at before anyone else does. */
  readonly warnings: readonly string[];
}

interface Tally {
  readonly patients: Set<string>;
  /** Files written of each series. */
  readonly series: Map<string, number>;
  readonly leftOut: Map<string, number>;
  readonly leftovers: Map<Tag, number>;
  burnedIn: number;
}

/**
 * Copies the DICOM images, segmentations and structure sets of a file, a folder, an archive or a DICOMDIR into a folder of patients and
 * series, by the Basic Profile of DICOM PS3.15. Reports and documents are text, which cannot be cleaned, and are left out.
 *
 * @throws Problem `data` where there is none of them, or the folder exists or cannot be written.
 */
export async function deidentifyFolder(
  input: string,
  output: string,
  options: DeidentifyOptions,
): Promise<DeidentifiedFolder> {
  await refuseExisting(output, options.existing);
  const { entries, warnings } = await findEntries(input);
  const tally: Tally = {
    patients: new Set(),
    series: new Map(),
    leftOut: new Map(),
    leftovers: new Map(),
    burnedIn: 0,
  };
  await writeFolderAtomically(output, (temporary) => copyAll(entries, temporary, tally, options), options.existing);
  const files = [...tally.series.values()].reduce((sum, count) => sum + count, 0);
  return {
    patients: tally.patients.size,
    series: tally.series.size,
    files,
    warnings: [...warnings, ...warningsOf(tally)],
  };
}

async function copyAll(
  entries: readonly Entry[],
  folder: string,
  tally: Tally,
  { signal, report }: DeidentifyOptions,
): Promise<void> {
  const progress = report && createProgress('Removing identities', entries.length, report);
  const salt = new Salt();
  for (const [n, entry] of entries.entries()) {
    signal.throwIfAborted();
    const object = await readable(entry, signal);
    const why = typeof object === 'string' ? object : await copy(object, folder, tally, salt);
    if (why !== undefined) tally.leftOut.set(why, (tally.leftOut.get(why) ?? 0) + 1);
    progress?.(n + 1);
  }
  if (tally.series.size > 0) return;
  const what = ['no DICOM image is here', ...leftOutOf(tally)].join('; ');
  throw new Problem('data', what, entries[0]?.file ?? folder, 'Name a DICOM file, a folder or an archive of them.');
}

/** An object that can be cleaned, or in words why there is none. */
async function readable(entry: Entry, signal: AbortSignal): Promise<DicomObject | string> {
  try {
    const object = await findDicomObject(await entry.open(), { pixels: true, signal });
    if (object === undefined) return 'no DICOM';
    const isStructureSet = object.dataset.text(tags.SOPClassUID) === structureSetClass;
    return object.pixels !== undefined || isStructureSet ? object : 'neither pixels nor contours, as in a report';
  } catch (error) {
    return whyNot(error);
  }
}

/** @returns Why it could not be copied. */
async function copy(object: DicomObject, folder: string, tally: Tally, salt: Salt): Promise<string | undefined> {
  const made = await deidentify(object, salt).catch(whyNot);
  if (typeof made === 'string') return made;
  const number = (tally.series.get(made.series) ?? 0) + 1;
  const place = join(folder, made.patient, salt.digest('folder', made.series).toString('hex').slice(0, 8));
  await mkdir(place, { recursive: true });
  await writeFileAtomically(join(place, `${String(number).padStart(5, '0')}.dcm`), made.bytes);
  tally.patients.add(made.patient);
  tally.series.set(made.series, number);
  if (mayBeBurnedIn(object.dataset)) tally.burnedIn++;
  for (const tag of leftovers(object.dataset, made.elements))
    tally.leftovers.set(tag, (tally.leftovers.get(tag) ?? 0) + 1);
  return undefined;
}

function whyNot(error: unknown): string {
  if (error instanceof Problem && error.kind !== 'cancelled') return `unreadable (${error.what})`;
  throw error;
}

const filesOf = (count: number): string => (count === 1 ? '1 file' : `${count} files`);

const leftOutOf = ({ leftOut }: Tally): readonly string[] =>
  [...leftOut].map(([why, count]) => `${filesOf(count)} left out: ${why}`);

function warningsOf(tally: Tally): readonly string[] {
  const written = (tag: Tag) => `(${tag.slice(0, 4)},${tag.slice(4)})`;
  return [
    ...leftOutOf(tally),
    ...(tally.burnedIn > 0
      ? [
          `${filesOf(tally.burnedIn)} may show a name in the picture itself: pixels were not changed; look at them before you pass them on`,
        ]
      : []),
    ...[...tally.leftovers].map(
      ([tag, count]) =>
        `${filesOf(count)} still hold a part of the patient's name or number in ${written(tag)}: look at it`,
    ),
  ];
}
