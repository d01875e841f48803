import { buildDataset } from '../../datasets/build/buildDataset.ts';
import { checkDataset } from '../../datasets/check/checkDataset.ts';
import { isLabelled } from '../../datasets/dataset.ts';
import { openDataset } from '../../datasets/openDataset.ts';
import { splitCases } from '../../datasets/splitCases.ts';
import { planDataset } from '../../training/planDataset.ts';
import { usableMiB } from '../../training/usableMemory.ts';
import type { Worker } from '../workContext.ts';

const open: Worker<'dataset:open'> = async ({ folder }) => {
  const { name, cases, channels, labels } = await openDataset(folder);
  return {
    name,
    cases: cases.length,
    labelled: cases.filter(isLabelled).length,
    channels: [...channels],
    structures: labels.slice(1).map((label) => ({ value: label.value, name: label.name })),
  };
};

const check: Worker<'dataset:check'> = async ({ folder }, { signal, report }) => {
  const { cases, findings } = await checkDataset(folder, { signal, report });
  return { cases, findings: findings.map((finding) => ({ ...finding, cases: [...finding.cases] })) };
};

const split: Worker<'dataset:split'> = async ({ folder, seed }) => {
  const { train, validation, test } = splitCases(await openDataset(folder), seed);
  return { train: [...train], validation: [...validation], test: [...test] };
};

const plan: Worker<'dataset:plan'> = async ({ folder, preset }, { signal, report }) => {
  const made = await planDataset({ folder, preset, memoryMiB: usableMiB(undefined), seed: 0, signal, report });
  const { train, validation, test } = made.split;
  const cases = `${train.length} to train on, ${validation.length} to validate with, ${test.length} to test`;
  const rows = [
    ['Cases', cases],
    ['Voxels', `${made.plan.spacing.map((side) => side.toPrecision(3)).join(' x ')} ${made.plan.unit}`],
    ['Windows', `${made.plan.patch.join(' x ')} voxels, ${made.plan.batchSize} at once`],
    ['Memory', `${Math.ceil(made.plan.memoryMiB)} MiB`],
    ...made.plan.explanation.map((sentence) => ['Why', sentence]),
  ];
  return { rows: rows.map(([name, value]) => ({ name: name!, value: value! })) };
};

const build: Worker<'dataset:build'> = async ({ sources, out }, { signal, report }) => {
  const made = await buildDataset({
    sources,
    out,
    channels: [],
    labels: [],
    order: [],
    resample: false,
    dryRun: false,
    existing: 'refuse',
    signal,
    report,
  });
  return {
    cases: made.cases.length,
    notes: [...made.advice, ...made.leftOut.map(({ path, why }) => `${path}: ${why}`)],
  };
};

export const datasetWorkers = {
  'dataset:open': open,
  'dataset:check': check,
  'dataset:split': split,
  'dataset:plan': plan,
  'dataset:build': build,
};
