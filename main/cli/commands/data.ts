import { z } from 'zod';
import { Problem } from '../../../ml/check/problem.ts';
import { buildDataset, type BuildReport } from '../../datasets/build/buildDataset.ts';
import { checkDataset } from '../../datasets/check/checkDataset.ts';
import type { Finding } from '../../datasets/check/finding.ts';
import { splitDataset } from '../../datasets/split/splitDataset.ts';
import { defineCommand, defineGroup, onCommandLine } from '../command.ts';
import { force, path, seed } from '../options.ts';
import { formatTable } from '../table.ts';
import { groupBy, splits } from '../trainingOptions.ts';

const list = z.string().transform((text) => text.split(',').map((word) => word.trim()));

const patterns = onCommandLine(
  z
    .array(
      z
        .string()
        .regex(/^[^=]+=.+$/, 'expected NAME=PATTERN')
        .transform((text) => ({ name: text.slice(0, text.indexOf('=')), pattern: text.slice(text.indexOf('=') + 1) })),
    )
    .default([]),
  {
    usage: '--channel <name=pattern>',
    summary: 'a sequence of every case: a regular expression for its description, modality or file name; once for each',
    takes: 'list',
  },
);

const labels = onCommandLine(
  z
    .string()
    // Names may hold commas: "Neoplasm, Primary=1".
    .transform((text) => text.split(/(?<==\d+)\s*,\s*/))
    .pipe(z.array(z.string().regex(/^[^=]+=\d+$/, 'expected NAME=VALUE')))
    .transform((words) =>
      words.map((word) => ({ name: word.slice(0, word.lastIndexOf('=')), value: Number(/\d+$/.exec(word)?.[0]) })),
    )
    .default([]),
  {
    usage: '--labels <list>',
    summary: 'the structures by name or code, "liver=1,SCT:64033007=2" (default: all, by their names)',
  },
);

const build = defineCommand({
  name: 'build',
  summary: 'make a data set of DICOM series with SEG, RTSTRUCT or NIfTI labels and of image files, without identities',
  ask: z.object({
    sources: onCommandLine(z.array(path()).min(1, 'name a file or folder'), {
      usage: '<source...>',
      summary: 'files, folders, zip archives, DICOMDIRs',
    }),
    out: onCommandLine(path(), { usage: '--out <dataset>', summary: 'the folder of the data set' }),
    groupBy: onCommandLine(z.string().default('patient'), {
      usage: '--group-by <pattern>',
      summary:
        'patient: DICOM number or file name; or a regular expression that finds the patient in the path of a file',
    }),
    channel: patterns,
    labels,
    order: onCommandLine(list.default([]), {
      usage: '--order <list>',
      summary: 'labels that may overlap; the later wins',
    }),
    resample: onCommandLine(z.boolean().default(false), {
      usage: '--resample',
      summary: 'bring sequences, labels and uneven slices onto the grid of the image that was drawn on',
    }),
    key: onCommandLine(path().optional(), {
      usage: '--key <file>',
      summary: 'write who is who, to be kept apart from the data set',
    }),
    dryRun: onCommandLine(z.boolean().default(false), { usage: '--dry-run', summary: 'do everything but write' }),
    force,
  }),
  run: async (ask, { reporter, signal }) => {
    const made = await buildDataset({
      ...ask,
      groupBy: ask.groupBy === 'patient' ? undefined : ask.groupBy,
      channels: ask.channel.map(({ name, pattern }) => ({ name, pattern: compile(pattern) })),
      keyFile: ask.key,
      existing: ask.force ? 'replace' : 'refuse',
      signal,
      report: reporter.progress,
    });
    for (const advice of made.advice) reporter.warn(advice);
    reporter.result({ dataset: ask.dryRun ? null : ask.out, ...made }, describeBuild(made, ask.dryRun ? '' : ask.out));
  },
});

function compile(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'iu');
  } catch (cause) {
    const where = `--channel ${pattern}`;
    throw new Problem('usage', 'this is not a regular expression', where, 'Write one such as T1=t1.*mprage.', {
      cause,
    });
  }
}

function describeBuild({ patients, channels, labels: made, cases, leftOut }: BuildReport, out: string): string {
  const reasons = new Map<string, string[]>();
  for (const { path: file, why } of leftOut) reasons.set(why, [...(reasons.get(why) ?? []), file]);
  return [
    `${cases.length} cases of ${patients} patients; channels ${channels.join(', ')}; labels ${made.map(({ value, name }) => `${value} ${name}`).join(', ')}`,
    ...cases.flatMap(({ images, notes }) => notes.map((note) => `${images[0] ?? ''}: ${note}`)),
    ...[...reasons].map(([why, files]) => `left out: ${files[0] ?? ''}${others(files.length - 1)}: ${why}`),
    out === '' ? 'nothing was written' : out,
  ].join('\n');
}

const others = (count: number): string => (count === 0 ? '' : ` and ${count} more`);

const dataset = onCommandLine(path(), { usage: '<dataset>', summary: 'a data set folder' });

const check = defineCommand({
  name: 'check',
  summary: 'find what is wrong with a data set: geometry, flips, labels, duplicates, patients on both sides of a split',
  ask: z.object({ dataset, groupBy, splits }),
  run: async (ask, { reporter, signal }) => {
    const options = { groupBy: ask.groupBy, splitFile: ask.splits, signal, report: reporter.progress };
    const { cases, findings } = await checkDataset(ask.dataset, options);
    const errors = findings.filter(({ severity }) => severity === 'error').length;
    reporter.result({ dataset: ask.dataset, cases, errors, findings }, describeFindings(cases, findings));
    if (errors > 0) {
      const what = errors === 1 ? 'there is an error' : `there are ${errors} errors`;
      throw new Problem('data', what, ask.dataset, 'Mend them as the list says, and check again.');
    }
  },
});

function describeFindings(cases: number, findings: readonly Finding[]): string {
  if (findings.length === 0) return `${cases} cases, nothing found`;
  const rows = findings.map((one) => [one.severity, one.cases.join(', '), one.what, one.remedy]);
  return formatTable([['severity', 'case', 'what', 'what to do'], ...rows]);
}

const split = defineCommand({
  name: 'split',
  summary: 'divide the patients of a data set into training, validation and test, evenly by structures',
  ask: z.object({ dataset, groupBy, seed, force }),
  run: async (ask, { reporter, signal }) => {
    const options = { groupBy: ask.groupBy, seed: ask.seed, signal, report: reporter.progress };
    const made = await splitDataset(ask.dataset, { ...options, existing: ask.force ? 'replace' : 'refuse' });
    const rows = made.parts.map(({ part, groups, cases, structures }) => [
      part,
      String(groups),
      String(cases),
      structures.map(({ name, cases: count }) => `${name} ${count}`).join(', '),
    ]);
    reporter.result(
      { ...made },
      `${formatTable([['part', 'patients', 'cases', 'structures'], ...rows])}\n${made.path}`,
    );
  },
});

export const data = defineGroup('data', 'data sets: from exports to a training set', [build, check, split]);
