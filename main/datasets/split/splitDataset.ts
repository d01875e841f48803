import { basename, join, resolve } from 'node:path';
import { integerLabels } from '../../../ml/volume/integerLabels.ts';
import { writeFileAtomically } from '../../files/atomic.ts';
import { refuseExisting } from '../../files/folder.ts';
import { readImage } from '../../imaging/image.ts';
import { giveWay } from '../../jobs/cancellation.ts';
import { createProgress, type ReportProgress } from '../../jobs/progress.ts';
import { isLabelled, type LabelledCase } from '../dataset.ts';
import { openCases } from '../openDataset.ts';
import { balance, type Group, type Part } from './balance.ts';

export interface SplitOptions {
  /** Pattern that finds the person in a case's id; see `groupOf`. */
  readonly groupBy?: string | undefined;
  readonly seed: number;
  readonly existing: 'refuse' | 'replace';
  readonly signal: AbortSignal;
  readonly report: ReportProgress;
}

/** What was written. */
export interface SplitReport {
  readonly path: string;
  readonly parts: readonly {
    readonly part: Part;
    readonly groups: number;
    readonly cases: number;
    /** In how many of the cases each structure is. */
    readonly structures: readonly { readonly name: string; readonly cases: number }[];
  }[];
}

const parts = ['train', 'validation', 'test'] as const;

/**
 * Divides the persons of a data set into training, validation and test, evenly by the structures that are drawn, and writes `splits.json`
 * into its folder, which `openDataset` reads.
 *
 * @throws Problem 'data' where the data set or a label cannot be read, or the file exists; 'usage' for a bad pattern.
 */
export async function splitDataset(folder: string, options: SplitOptions): Promise<SplitReport> {
  const path = join(resolve(folder), 'splits.json');
  await refuseExisting(path, options.existing);
  const { name, labels, cases } = await openCases(folder, options.groupBy);
  const structures = labels.filter(({ value }) => value !== 0);
  const present = await readPresence(cases.filter(isLabelled), options);
  const counts = (of: readonly LabelledCase[]) =>
    structures.map(({ value }) => of.filter((one) => present.get(one)?.has(value)).length);
  const persons = new Map<string, LabelledCase[]>();
  for (const entry of present.keys()) persons.set(entry.group, [...(persons.get(entry.group) ?? []), entry]);
  const groups = [...persons].map(([group, own]): Group => ({
    name: group,
    cases: own.length,
    structures: counts(own),
  }));
  const taken = balance(groups, options.seed);
  const partOf = (part: Part) => [...persons].filter(([person]) => taken.get(person) === part);
  const split = Object.fromEntries(
    parts.map((part) => [
      part,
      Object.fromEntries(partOf(part).map(([person, own]) => [person, own.map(({ label }) => basename(label))])),
    ]),
  );
  const about =
    'Keys are persons: all cases of one are in one part. Train on train, choose on validation, report on test.';
  const content = `${JSON.stringify({ about, splits: { [name]: split } }, null, 2)}\n`;
  await writeFileAtomically(path, content, { existing: options.existing });
  const summary = parts.map((part) => {
    const own = partOf(part).flatMap(([, members]) => members);
    const byStructure = counts(own).map((count, n) => ({ name: structures[n]!.name, cases: count }));
    return { part, groups: partOf(part).length, cases: own.length, structures: byStructure };
  });
  return { path, parts: summary };
}

/** The values that are drawn in each case. */
async function readPresence(
  cases: readonly LabelledCase[],
  { signal, report }: SplitOptions,
): Promise<ReadonlyMap<LabelledCase, ReadonlySet<number>>> {
  const progress = createProgress('Reading labels', cases.length, report);
  const present = new Map<LabelledCase, ReadonlySet<number>>();
  for (const entry of cases) {
    await giveWay(signal);
    const { volume } = await readImage(entry.label, { signal });
    present.set(entry, new Set<number>(integerLabels(volume, entry.label).data));
    progress(present.size);
  }
  return present;
}
