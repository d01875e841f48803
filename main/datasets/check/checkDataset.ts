import { basename, resolve } from 'node:path';
import { Problem } from '../../../ml/check/problem.ts';
import { giveWay } from '../../jobs/cancellation.ts';
import { createProgress, type ReportProgress } from '../../jobs/progress.ts';
import { type Dataset, isLabelled } from '../dataset.ts';
import { openCases } from '../openDataset.ts';
import { readSplit } from '../readSplit.ts';
import { compareCases } from './compareCases.ts';
import { type Examined, examineCase } from './examineCase.ts';
import type { Finding } from './finding.ts';
import { findFlips } from './flips.ts';

export interface CheckOptions {
  /** Pattern that finds the person in a case's id; see `groupOf`. */
  readonly groupBy?: string | undefined;
  /** File that lays down the split; by default the data set's own. */
  readonly splitFile?: string | undefined;
  readonly signal: AbortSignal;
  readonly report: ReportProgress;
}

export interface CheckReport {
  readonly cases: number;
  /** Errors first, then by case. */
  readonly findings: readonly Finding[];
}

/**
 * Looks for what makes a data set unfit for training, or a score wrong: every case by itself, cases beside one another, and the split.
 *
 * @throws Problem 'data' where the folder is no data set, 'usage' for a bad option.
 */
export async function checkDataset(folder: string, options: CheckOptions): Promise<CheckReport> {
  const dataset = await openCases(folder, options.groupBy);
  const labelled = dataset.cases.filter(isLabelled);
  const split = await checkSplit(folder, dataset, options.splitFile);
  const progress = createProgress('Checking cases', labelled.length, options.report);
  const examined: Examined[] = [];
  for (const entry of labelled) {
    await giveWay(options.signal);
    examined.push(await examineCase(dataset, entry, options.signal));
    progress(examined.length);
  }
  const facts = examined.flatMap((one) => one.facts ?? []);
  const findings = [
    ...split.findings,
    ...examined.flatMap((one) => one.findings),
    ...compareCases(facts, dataset.channels, split.parts),
    ...findFlips(facts),
    ...neverDrawn(dataset, examined),
  ];
  return { cases: labelled.length, findings: findings.toSorted(byImportance) };
}

function byImportance(a: Finding, b: Finding): number {
  if (a.severity !== b.severity) return a.severity === 'error' ? -1 : 1;
  return (a.cases[0] ?? '') < (b.cases[0] ?? '') ? -1 : 1;
}

function neverDrawn({ labels }: Dataset, examined: readonly Examined[]): readonly Finding[] {
  return labels
    .filter(({ value }) => value !== 0 && examined.every(({ values }) => !values.has(value)))
    .map(({ name }) => {
      const remedy = 'Take it out of dataset.json, or add cases that show it.';
      return { severity: 'warning', cases: [], what: `${name} is drawn in no case`, remedy };
    });
}

interface CheckedSplit {
  readonly findings: readonly Finding[];
  /** By case. */
  readonly parts: ReadonlyMap<string, string>;
}

/** A split file may name its own persons; ids that tell of one person on two sides are told of all the same. */
async function checkSplit(folder: string, dataset: Dataset, file: string | undefined): Promise<CheckedSplit> {
  const path = resolve(folder);
  try {
    const given = await readSplit(path, [basename(path), dataset.name], dataset.cases, file);
    const parts = new Map(
      Object.entries(given?.split ?? {}).flatMap(([part, ids]) =>
        (ids as readonly string[]).map((id) => [id, part] as const),
      ),
    );
    return { parts, findings: acrossParts(dataset, parts) };
  } catch (error) {
    if (!(error instanceof Problem) || error.kind !== 'data') throw error;
    const finding = {
      severity: 'error',
      cases: [],
      what: `${error.what} (${error.where})`,
      remedy: error.remedy,
    } as const;
    return { parts: new Map(), findings: [finding] };
  }
}

function acrossParts({ cases }: Dataset, parts: ReadonlyMap<string, string>): readonly Finding[] {
  return [...new Set(cases.map(({ group }) => group))].flatMap((group): Finding[] => {
    const own = cases.filter((one) => one.group === group && parts.has(one.id));
    const sides = new Set(own.map(({ id }) => parts.get(id)));
    if (sides.size < 2) return [];
    const what = `by their names these are of one patient, and they are in ${[...sides].join(' and ')}`;
    const remedy = 'Make the split again: sfumato data split, with --group-by where names tell the patient otherwise.';
    return [{ severity: 'error', cases: own.map(({ id }) => id), what, remedy }];
  });
}
