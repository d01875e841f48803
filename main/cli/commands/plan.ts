import { z } from 'zod';
import { parseSettings } from '../../training/settings.ts';
import { planDataset } from '../../training/planDataset.ts';
import { usableMiB } from '../../training/usableMemory.ts';
import { defineCommand, onCommandLine } from '../command.ts';
import { path, seed } from '../options.ts';
import { groupBy, memory, preset, set, splits } from '../trainingOptions.ts';

export const plan = defineCommand({
  name: 'plan',
  summary: 'say what `train` would do with a data set, and why',
  ask: z.object({
    dataset: onCommandLine(path(), { usage: '<dataset>', summary: 'a data set folder' }),
    preset,
    set,
    memory,
    splits,
    groupBy,
    seed,
  }),
  run: async (ask, { reporter, signal }) => {
    const {
      dataset,
      split,
      plan: made,
    } = await planDataset({
      folder: ask.dataset,
      preset: ask.preset,
      asked: parseSettings(ask.set),
      memoryMiB: usableMiB(ask.memory),
      splitFile: ask.splits,
      groupBy: ask.groupBy,
      seed: ask.seed,
      signal,
      report: reporter.progress,
    });
    const counts = { train: split.train.length, validation: split.validation.length, test: split.test.length };
    const labels = dataset.labels.map(({ value, name }) => ({ value, name }));
    const sentences = [
      `${dataset.name}: ${counts.train} cases to train on, ${counts.validation} to validate with, ${counts.test} to test; no patient is in two of them.`,
      ...made.explanation,
    ];
    reporter.result({ dataset: dataset.name, cases: counts, labels, plan: made }, sentences.join('\n'));
  },
});
