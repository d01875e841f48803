import { availableParallelism } from 'node:os';
import { invariant } from '../../ml/check/invariant.ts';
import { openOnnxRuntime } from '../../ml/engines/onnxruntime/engine.ts';
import { openDataset } from '../../main/datasets/openDataset.ts';
import { evaluateModel } from '../../main/services/evaluation/evaluateModel.ts';
import type { Model } from '../../main/services/models/folder.ts';
import { resolveSettings, type Method } from '../../main/services/segmentation/settings.ts';
import { casesOf } from '../../main/training/planDataset.ts';
import type { StructureSummary } from '../../ml/evaluation/caseSummary.ts';
import type { Figure, Score } from './card.ts';

/** How a model is measured on the test people: each network alone, and what is recommended. */
const measured: readonly { readonly method: Method; readonly samples?: number }[] = [
  { method: 'direct' },
  { method: 'diffusion', samples: 1 },
  { method: 'ensemble', samples: 8 },
];

/** @param data A data set folder with the parts of splits.json. */
export async function measureModel(data: string, model: Model): Promise<readonly Figure[]> {
  const dataset = await openDataset(data);
  const engine = await openOnnxRuntime({ device: 'cpu', threads: availableParallelism() });
  invariant(dataset.split, 'the published figures are those of splits.json');
  const figures: Figure[] = [];
  for (const { method, samples } of measured) {
    const settings = resolveSettings(model, method === 'direct' ? { method } : { method, samples });
    const evaluation = await evaluateModel({
      dataset,
      part: 'test split',
      cases: casesOf(dataset, dataset.split.test),
      entry: [{ model, settings }],
      rival: undefined,
      engine,
      allowSeen: false,
      tolerance: 1,
      memoryMiB: undefined,
      seed: 0,
      signal: new AbortController().signal,
      report: () => undefined,
    });
    const scores = evaluation.summary.flatMap((row) => score(row, method, samples));
    figures.push({ evaluation, scores });
  }
  return figures;
}

function score(
  { structure, metrics: { dice } }: StructureSummary,
  method: Method,
  samples: number | undefined,
): Score[] {
  if (!dice?.interval) return [];
  const { mean, standardDeviation = 0, interval, count } = dice;
  const metric = samples === undefined ? 'dice' : `dice, ${samples} ${samples === 1 ? 'sample' : 'samples'}`;
  return [
    {
      method,
      structure,
      metric,
      mean,
      deviation: standardDeviation,
      interval: [interval.low, interval.high],
      cases: count,
    },
  ];
}
