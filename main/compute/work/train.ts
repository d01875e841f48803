import { availableParallelism } from 'node:os';
import { usableMiB } from '../../training/usableMemory.ts';
import { openEngine } from '../../services/devices/openEngine.ts';
import { isThere, readRun, runPaths } from '../../training/run.ts';
import { fineTuningDefaults, settingsSchema } from '../../training/settings.ts';
import { draftRun, trainDataset } from '../../training/trainDataset.ts';
import type { Worker } from '../workContext.ts';

/** Starts a training, or goes on with the one that is in the folder. */
export const train: Worker<'train'> = async (ask, { signal, report, tell }) => {
  const { dataset, out: folder, method, preset, seed, init } = ask;
  const threads = availableParallelism();
  const run = (await isThere(runPaths(folder).record))
    ? await readRun(folder)
    : await draftRun({
        dataset,
        folder,
        method,
        preset,
        seed,
        threads,
        strategy: 'recycling',
        settings: settingsSchema.parse(init === null ? {} : fineTuningDefaults),
        init: init ?? undefined,
        memoryMiB: usableMiB(undefined),
        budget: { minutes: ask.minutes },
        signal,
        report,
      });
  const { result, model } = await trainDataset({
    dataset,
    folder,
    run,
    engine: await openEngine('auto', threads),
    signal,
    report,
    onResumable: ({ steps, labels, init: from }) => {
      const structures = labels.slice(1).map(({ name }) => name);
      tell({ kind: 'resumable', steps, structures, unknown: from?.unknown ?? [] });
    },
    onMetric: (metric) => {
      tell({
        kind: 'metric',
        metric: metric.kind === 'training' ? metric : { ...metric, structures: [...metric.structures] },
      });
    },
  });
  return { model: model.folder, dice: result.best.dice };
};
