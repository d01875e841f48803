import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openDataset } from '../../../../main/datasets/openDataset.ts';
import { evaluationPage } from '../../../../main/report/evaluationPage.ts';
import { evaluateModel } from '../../../../main/services/evaluation/evaluateModel.ts';
import { resolveMembers } from '../../../../main/services/segmentation/members.ts';
import { casesOf } from '../../../../main/training/planDataset.ts';
import { openOnnxRuntime } from '../../../../ml/engines/onnxruntime/engine.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import { hippocampus } from '../../datasets/folders.ts';
import { writeTinyModel } from './tinyModel.ts';

it('tables Dice, passes and time of a chain from each start beside the pre-segmentation alone', async () => {
  const dataset = await openDataset(hippocampus);
  const model = await writeTinyModel(join(temporaryFolder(), 'model'));
  const chain = { samples: 2, steps: 10 };
  const entryOf = (start: number) => resolveMembers([model], { method: 'pd-ddpm', start, ...chain });
  const direct = resolveMembers([model], { method: 'direct' });
  const evaluation = await evaluateModel({
    dataset,
    part: 'test split',
    cases: casesOf(dataset, dataset.split!.test).slice(0, 1),
    entry: entryOf(0.3),
    rival: undefined,
    starts: [direct, ...[0.12, 0.3, 1].map(entryOf)],
    engine: await openOnnxRuntime({ device: 'cpu', threads: 2 }),
    allowSeen: false,
    tolerance: 1,
    memoryMiB: undefined,
    seed: 0,
    signal: new AbortController().signal,
    report: () => undefined,
  });
  const starts = evaluation.starts!;
  expect(starts.map(({ start }) => start)).toEqual([0, 0.12, 0.3, 1]);
  const [alone, ...chains] = starts.map(({ networkPasses }) => networkPasses);
  // methods.md section 3: the lowest max(1, ceil(F N)) of the N steps, for each sample, after one answer of the segmentor.
  expect(chains.map((passes) => passes / alone!)).toEqual([1 + 2 * 2, 1 + 2 * 3, 1 + 2 * 10]);
  expect(starts[2]!.summary).toEqual(evaluation.summary.at(-1)!.metrics.dice);
  for (const { seconds, dice } of starts) {
    expect(seconds!.mean).toBeGreaterThan(0);
    expect(dice).toHaveLength(evaluation.cases.length);
  }
  expect(evaluationPage(evaluation)).toContain('pre-segmentation alone');
});
