import { allFinite } from '../../ml/check/allFinite.ts';
import { invariant } from '../../ml/check/invariant.ts';
import { Problem } from '../../ml/check/problem.ts';
import { countVoxels, overlapOf } from '../../ml/evaluation/overlap.ts';
import { noiseSchedules } from '../../ml/diffusion/schedules/noiseSchedules.ts';
import { respace } from '../../ml/diffusion/schedules/respace.ts';
import { predictSamples, type Prediction } from '../../ml/inference/predictSamples.ts';
import { labelMap, maskOfClass } from '../../ml/uncertainty/labelMap.ts';
import { regionsOf } from '../datasets/dataset.ts';
import { DiskCases } from '../datasets/diskCases.ts';
import { writeFileAtomically } from '../files/atomic.ts';
import { runPaths, type RunRecord } from './run.ts';
import { validationPicture } from './validationPicture.ts';
import type { PatchNetwork } from '../../ml/inference/patchNetwork.ts';

/** Sampling steps of a validation: the method's recommended few. */
export const VALIDATION_STEPS = 5;

export interface Validation {
  /** Mean Dice over cases of each structure, background left out. */
  readonly structures: readonly number[];
  readonly mean: number;
}

/**
 * Segments the validation cases on the network's own grid and compares. One sample with a fixed seed where noise is drawn.
 * Leaves a picture of the first case in the run.
 *
 * @throws Problem 'data' where the network gives no numbers.
 */
export async function validate(
  folder: string,
  record: RunRecord,
  network: PatchNetwork,
  signal: AbortSignal,
): Promise<Validation> {
  const source = new DiskCases(runPaths(folder).cache, 64 * 2 ** 20);
  const classes = record.labels.map((_, index) => index).slice(1);
  const scores: number[][] = [];
  for (const [n, id] of record.split.validation.slice(0, record.settings.validationCases).entries()) {
    const index = source.find(id);
    const shape = source.shape(index);
    const { image, label } = source.read(index, { start: [0, 0, 0], size: shape });
    const probability = await segment({ data: image, shape }, predictionOf(record, network), signal);
    const prediction = labelMap(probability, record.labels.length, record.plan.membership);
    scores.push(diceOfClasses(probability, prediction, label, record));
    if (n > 0) continue;
    const picture = validationPicture({ shape, image, label, prediction }, record);
    await writeFileAtomically(runPaths(folder).picture, picture, { existing: 'replace' });
  }
  const structures = classes.map((_, i) => average(scores.map((dice) => dice[i]!)));
  return { structures, mean: average(structures) };
}

async function segment(
  image: { readonly data: Float32Array; readonly shape: readonly number[] },
  prediction: Prediction,
  signal: AbortSignal,
): Promise<Float32Array> {
  const onPass = (): void => {
    signal.throwIfAborted();
  };
  for await (const probability of predictSamples(image, prediction, onPass)) {
    if (!allFinite(probability)) throw diverged();
    return probability;
  }
  invariant(false, 'a prediction has a sample');
}

/** Of each structure, the background left out. */
function diceOfClasses(
  probability: Float32Array,
  map: Uint8Array,
  label: Uint8Array,
  { labels, plan }: RunRecord,
): number[] {
  const classes = labels.map((_, index) => index).slice(1);
  if (plan.membership === 'exclusive') return countVoxels(map, label, classes).map((counts) => overlapOf(counts).dice);
  const regions = regionsOf(labels);
  return classes.map((index) => {
    const predicted = maskOfClass(probability, map, index, plan.membership);
    const actual = label.map((value) => Number(regions[index]!.includes(value)));
    return overlapOf(countVoxels(predicted, actual, [1])[0]!).dice;
  });
}

const diverged = (): Problem =>
  new Problem(
    'data',
    'the training diverged: its network answers with values that are no numbers',
    'validation',
    'What was saved before is kept. Start anew in another folder with a lower --set learningRate=....',
  );

function predictionOf({ method, settings }: RunRecord, network: PatchNetwork): Prediction {
  if (method === 'direct') return { method: 'direct', direct: network };
  const schedule = noiseSchedules[settings.schedule](settings.timesteps);
  const steps = respace(schedule, Math.min(VALIDATION_STEPS, schedule.numSteps));
  return {
    method: 'diffusion',
    diffusion: { network, trained: schedule, schedule: steps, sampler: 'ddim', samples: 1, seed: 0 },
  };
}

const average = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
