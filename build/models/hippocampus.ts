// Trains and packs the shipped model `hippocampus`: its direct network, its recycling diffusion network, and the figures of both.
//
//   node --import tsx build/models/hippocampus.ts DATA RUNS
//
// DATA is the folder hippocampus-msd (images/, labels/, and splits.json in it or above it), RUNS a folder for the two trainings, which go
// on where they were if they were interrupted. The result replaces resources/models/hippocampus.
import { availableParallelism } from 'node:os';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { invariant } from '../../ml/check/invariant.ts';
import { openOnnxRuntime } from '../../ml/engines/onnxruntime/engine.ts';
import { openDataset } from '../../main/datasets/openDataset.ts';
import { evaluateModel } from '../../main/services/evaluation/evaluateModel.ts';
import { openModel, readWeights, type Model } from '../../main/services/models/folder.ts';
import { writeModel, type ModelContents } from '../../main/services/models/write.ts';
import { resolveSettings, type Method } from '../../main/services/segmentation/settings.ts';
import { casesOf } from '../../main/training/planDataset.ts';
import { isThere, runPaths } from '../../main/training/run.ts';
import { modelCard, type Figure, type Score } from './card.ts';
import type { StructureSummary } from '../../ml/evaluation/caseSummary.ts';
import type { StoredTensor } from '../../main/services/models/safetensors.ts';

const root = resolve(import.meta.dirname, '..', '..');
const folder = join(root, 'resources', 'models', 'hippocampus');

/**
 * Found on the validation people. Images are cropped around the structure, so shifts are small; left and right hippocampi have one label, so
 * patches are mirrored.
 */
const recipe = [
  'batchSize=2',
  'shift=0.1',
  'mirror=i',
  'learningRate=0.001',
  'crossEntropy=1',
  'focal=0',
  'validations=15',
  'validationCases=24',
];

const steps = 6000;

type Kind = 'direct' | 'diffusion';

async function train(data: string, runs: string, kind: Kind): Promise<Model> {
  const out = join(runs, kind);
  const paths = runPaths(out);
  if (!(await isThere(paths.model))) {
    const fresh = ['--method', kind, '--steps', String(steps), ...recipe.flatMap((setting) => ['--set', setting])];
    const args = ['train', data, '--out', out, ...((await isThere(paths.record)) ? ['--resume'] : fresh)];
    const { status } = spawnSync(process.execPath, [join(root, 'main/cli/sfumato.mjs'), ...args], { stdio: 'inherit' });
    if (status !== 0) process.exit(status ?? 1);
  }
  return openModel(paths.model);
}

const toHalf = (weights: ReadonlyMap<string, StoredTensor>): ReadonlyMap<string, StoredTensor> =>
  new Map([...weights].map(([name, tensor]) => [name, { ...tensor, type: 'F16' }]));

/** Both networks in one model, weights in float16. */
async function combine(direct: Model, diffusion: Model, figures: readonly Figure[]): Promise<ModelContents> {
  const { description } = direct;
  const twins = { direct: description.networks.direct, diffusion: diffusion.description.networks.diffusion };
  invariant(twins.direct && twins.diffusion, 'each training made its own network');
  const contents: Omit<ModelContents['description'], 'training'> = {
    ...description,
    name: 'hippocampus',
    version: '1.0.0',
    task: 'Segments the anterior and posterior hippocampus in T1-weighted MR that is cropped around one hippocampus.',
    licence: 'CC BY-SA 4.0',
    modality: 'MR',
    channels: [{ name: 'T1' }],
    labels: [
      { value: 0, name: 'background', colour: '#000000', code: null },
      { value: 1, name: 'anterior hippocampus', colour: '#e69f00', code: null },
      { value: 2, name: 'posterior hippocampus', colour: '#56b4e9', code: null },
    ],
    networks: {
      direct: { ...twins.direct, file: 'direct.safetensors' },
      diffusion: { ...twins.diffusion, file: 'diffusion.safetensors' },
    },
    recommended: { method: 'ensemble', samples: 8, steps: 5, sampler: 'ddim', start: 1 },
  };
  const training = {
    ...description.training,
    dataset: { name: 'Medical Segmentation Decathlon, Task04 Hippocampus', licence: 'CC BY-SA 4.0' },
    runs: [...description.training.runs, ...diffusion.description.training.runs],
    scores: figures.flatMap(({ scores }) => scores),
  };
  return {
    description: { ...contents, training },
    weights: {
      direct: toHalf(await readWeights(direct, 'direct')),
      diffusion: toHalf(await readWeights(diffusion, 'diffusion')),
    },
    card: modelCard({ ...contents, training }, figures),
    licence: readFileSync(join(import.meta.dirname, 'hippocampus.licence.txt'), 'utf8'),
  };
}

/** How the model is measured on the test people: each network alone, and what is recommended. */
const measured: readonly { readonly method: Method; readonly samples?: number }[] = [
  { method: 'direct' },
  { method: 'diffusion', samples: 1 },
  { method: 'ensemble', samples: 8 },
];

async function measure(data: string, model: Model): Promise<readonly Figure[]> {
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
      entry: { model, settings },
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

const [data, runs] = process.argv.slice(2);
if (data === undefined || runs === undefined) {
  process.stderr.write('usage: node --import tsx build/models/hippocampus.ts DATA RUNS\n');
  process.exit(2);
}
const direct = await train(data, runs, 'direct');
const diffusion = await train(data, runs, 'diffusion');
const unmeasured = await writeModel(folder, await combine(direct, diffusion, []), 'replace');
const figures = await measure(data, unmeasured);
const { description } = await writeModel(folder, await combine(direct, diffusion, figures), 'replace');
process.stdout.write(`${folder}\n`);
for (const { method, metric, structure, mean, interval } of description.training.scores)
  process.stdout.write(
    `${method}, ${metric}, ${structure}: ${mean.toFixed(4)} (${interval.map((bound) => bound.toFixed(4)).join(' to ')})\n`,
  );
