import { mkdirSync } from 'node:fs';
import { hippocampus } from '../datasets/folders.ts';
import { openDataset } from '../../../main/datasets/openDataset.ts';
import { startRun, type RunRecord } from '../../../main/training/run.ts';
import { settingsSchema, type Settings } from '../../../main/training/settings.ts';
import { splitCases } from '../../../main/datasets/splitCases.ts';

export interface TinyRun extends Partial<Pick<RunRecord, 'method' | 'strategy' | 'seed' | 'steps'>> {
  readonly settings?: Partial<Settings>;
}

/** The record of a training small enough for a test: the tests' hippocampi, crops of 16 voxels, two levels of 4 and 8 channels. */
export async function tinyRun({ settings = {}, ...rest }: TinyRun = {}): Promise<RunRecord> {
  const dataset = await openDataset(hippocampus);
  const { train, validation, test } = splitCases(dataset, 0);
  return {
    schema: 1,
    dataset: { name: 'tiny', licence: null, folder: hippocampus },
    labels: dataset.labels.map(({ value, name }) => ({ value, name, colour: null })),
    split: { train: [...train], validation: [...validation], test: [...test] },
    plan: {
      schema: 1,
      dimensions: 3,
      channels: ['MRI'],
      classes: 3,
      membership: 'exclusive',
      context: 0,
      spacing: [2, 2, 2],
      unit: 'mm',
      normalisation: [{ kind: 'zscore', over: 'image' }],
      patch: [16, 16, 16],
      network: { channels: [4, 8], blocks: 1 },
      batchSize: 2,
      memoryMiB: 300,
      explanation: [],
    },
    init: null,
    method: 'direct',
    strategy: 'recycling',
    seed: 0,
    settings: settingsSchema.parse({ validations: 2, validationCases: 1, checkpointSeconds: 0, ...settings }),
    steps: 8,
    threads: 2,
    ...rest,
  };
}

/** Leaves a run that is about to start in a folder; `train --resume` goes on from there. */
export async function beginTinyRun(folder: string, run: TinyRun = {}): Promise<RunRecord> {
  mkdirSync(folder, { recursive: true });
  const record = await tinyRun(run);
  await startRun(folder, record, undefined);
  return record;
}
