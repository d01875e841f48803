import { invariant } from '../check/invariant.ts';
import type { NoiseSchedule } from '../diffusion/schedules/noiseSchedule.ts';
import { sizeOf } from '../graph/shape.ts';
import { toProbabilities } from '../diffusion/gaussian/maskSpace.ts';
import { ddim } from '../diffusion/samplers/ddim.ts';
import { ddpm } from '../diffusion/samplers/ddpm.ts';
import { dpmSolver } from '../diffusion/samplers/dpmSolver.ts';
import { sampleStreams } from '../diffusion/samplers/sampleNoise.ts';
import { xStartFromNoise, xStartPredictor, type PredictXStart } from '../diffusion/samplers/sampler.ts';
import { startFromNoise, startFromPrior } from '../diffusion/samplers/start.ts';
import { slideWindow, type PredictWindow } from './slideWindow.ts';
import { readWindow, windowStarts } from './windows.ts';
import type { RespacedSchedule } from '../diffusion/schedules/respace.ts';
import type { Rng } from '../random/rng.ts';
import type { Shape } from '../graph/ops.ts';
import type { PatchNetwork } from './patchNetwork.ts';

const samplers = { ddim, ddpm, 'dpm-solver': dpmSolver } as const;

export const samplerNames = ['ddim', 'ddpm', 'dpm-solver'] as const satisfies readonly (keyof typeof samplers)[];

export type SamplerName = (typeof samplerNames)[number];

interface DiffusionSettings {
  readonly network: PatchNetwork;
  /** The schedule the network was trained with. */
  readonly trained: NoiseSchedule;
  /** The steps that are run. */
  readonly schedule: RespacedSchedule;
  readonly sampler: SamplerName;
  readonly samples: number;
  /** Number of the first of them, where others of the same image are drawn apart; 0 where it is left out. */
  readonly first?: number;
  readonly seed: number;
  /**
   * Told what the chain of sample 0 believes at each of its steps, the noisiest first: class probabilities Float32Array
   * [classes, k, j, i], before anything is averaged with them.
   */
  readonly onStep?: (probability: Float32Array) => void;
}

/** How an image is segmented; each method says which networks it needs. */
export type Prediction =
  | { readonly method: 'direct'; readonly direct: PatchNetwork }
  | { readonly method: 'diffusion'; readonly diffusion: DiffusionSettings }
  /** Every sample averaged with the direct network's answer. */
  | { readonly method: 'ensemble'; readonly direct: PatchNetwork; readonly diffusion: DiffusionSettings }
  /** The lower part of the chain, from a pre-segmentation (Guo et al. 2022); `diffusion.schedule` is that part. */
  | { readonly method: 'pd-ddpm'; readonly prior: Prior; readonly diffusion: DiffusionSettings };

/** Class probabilities: what a direct network answers, or Float32Array [classes, k, j, i]. */
type Prior = { readonly network: PatchNetwork } | { readonly probability: Float32Array };

/** A prepared image, [c, k, j, i] with shape [k, j, i]. */
export interface PreparedImage {
  readonly data: Float32Array;
  readonly shape: Shape;
}

/** Passes through networks that `predictSamples` makes for an image: the unit of its progress. */
export function countPasses(prediction: Prediction, shape: Shape): number {
  const { answering, diffusion } = partsOf(prediction);
  const windows = (network: PatchNetwork): number => windowStarts(shape, volumePatch(network)).length;
  const chains = diffusion ? diffusion.samples * diffusion.schedule.numSteps * windows(diffusion.network) : 0;
  return chains + (answering ? windows(answering) : 0);
}

/**
 * Segments an image. Yields class probabilities Float32Array [classes, k, j, i], one a sample (one in all for `direct`); stop iterating
 * to cancel. Sample i draws from its own streams, so it is the same whatever the number of samples.
 *
 * @param onPass Called after every pass; what it throws ends the work.
 */
export async function* predictSamples(
  image: PreparedImage,
  prediction: Prediction,
  onPass: () => void,
): AsyncGenerator<Float32Array, void> {
  const { answering, diffusion } = partsOf(prediction);
  const answer = answering && (await slide(image, answering, counted(answering, onPass)));
  if (!diffusion) {
    invariant(answer, 'every method has a network');
    yield answer;
    return;
  }
  const prior = prediction.method === 'pd-ddpm' ? (answer ?? givenPrior(prediction.prior)) : undefined;
  const { network, first = 0 } = diffusion;
  const { classes } = network.config;
  for (let sample = first; sample < first + diffusion.samples; sample++) {
    const steps = diffusion.onStep && sample === 0 ? diffusion.schedule.numSteps : 1;
    const draw: PredictWindow = (window, index, start) => {
      const rngs = sampleStreams(diffusion.seed, sample, 1, index);
      const priorOfWindow = prior && background(readWindow(prior, image.shape, volumePatch(network), start), classes);
      return samplePatch(window, priorOfWindow, { ...diffusion, steps }, rngs, onPass);
    };
    const beliefs = stepsOf(await slide(image, network, draw, steps * classes), steps);
    if (sample === 0) for (const belief of beliefs) diffusion.onStep?.(belief);
    const drawn = beliefs.at(-1)!;
    yield prediction.method === 'ensemble' && answer ? meanOf(drawn, answer) : drawn;
  }
}

function stepsOf(beliefs: Float32Array, steps: number): readonly Float32Array[] {
  const size = beliefs.length / steps;
  return Array.from({ length: steps }, (_, step) => beliefs.subarray(step * size, (step + 1) * size));
}

const meanOf = (a: Float32Array, b: Float32Array): Float32Array => a.map((value, at) => (value + b[at]!) / 2);

function givenPrior(prior: Prior): Float32Array {
  invariant('probability' in prior, 'a network has answered');
  return prior.probability;
}

/** Outside of the image, where a window holds no class at all, there is background, as in training. */
function background(prior: Float32Array, classes: number): Float32Array {
  const voxels = prior.length / classes;
  for (let v = 0; v < voxels; v++) {
    let total = 0;
    for (let c = 0; c < classes; c++) total += prior[c * voxels + v]!;
    if (total === 0) prior[v] = 1;
  }
  return prior;
}

/** `answering` is asked once, for the whole image. */
function partsOf(prediction: Prediction): { answering?: PatchNetwork; diffusion?: DiffusionSettings } {
  switch (prediction.method) {
    case 'direct':
      return { answering: prediction.direct };
    case 'diffusion':
      return { diffusion: prediction.diffusion };
    case 'ensemble':
      return { answering: prediction.direct, diffusion: prediction.diffusion };
    case 'pd-ddpm': {
      const { prior, diffusion } = prediction;
      return 'network' in prior ? { answering: prior.network, diffusion } : { diffusion };
    }
  }
}

const counted =
  (network: PatchNetwork, onPass: () => void): PredictWindow =>
  async (window) => {
    const probability = await network.predict(window);
    onPass();
    return probability;
  };

/** @param channels Of what `predict` answers. */
const slide = (
  image: PreparedImage,
  network: PatchNetwork,
  predict: PredictWindow,
  channels = network.config.classes,
): Promise<Float32Array> =>
  slideWindow(image.data, image.shape, volumePatch(network), channels, predict, contextOf(image, network));

/** Slices on either side that a network of two dimensions sees beside the one it segments, as channels. */
function contextOf({ data, shape }: PreparedImage, { config }: PatchNetwork): number {
  const channels = data.length / sizeOf(shape);
  return (config.imageChannels / channels - 1) / 2;
}

/** [k, j, i]; networks of two dimensions see one slice. */
const volumePatch = ({ patch }: PatchNetwork): Shape => (patch.length === 2 ? [1, ...patch] : patch);

/**
 * One chain over one patch: from noise, or a prior with noise, to class probabilities.
 *
 * @returns Float32Array [steps, classes, ...patch]: what it believes at the last `steps` of its steps.
 */
async function samplePatch(
  image: Float32Array,
  prior: Float32Array | undefined,
  settings: DiffusionSettings & { readonly steps: number },
  rngs: readonly Rng[],
  onPass: () => void,
): Promise<Float32Array> {
  const { network, schedule, sampler, steps } = settings;
  const { classes, membership } = network.config;
  const size = classes * sizeOf(network.patch);
  const xEnd = prior ? startFromPrior(prior, schedule, rngs) : startFromNoise(size, rngs);
  const predictXStart = predictorOf(image, settings, onPass);
  const kept: Float32Array[] = [];
  for await (const { xStartPred } of samplers[sampler](predictXStart, xEnd, schedule, rngs)) {
    kept.push(xStartPred);
    if (kept.length > steps) kept.shift();
  }
  invariant(kept.length === steps, 'a chain has steps');
  const isLoose = network.prediction === 'noise' && membership !== 'independent';
  const beliefs = new Float32Array(steps * size);
  for (const [step, xStartPred] of kept.entries()) {
    const belief = toProbabilities(xStartPred, beliefs.subarray(step * size, (step + 1) * size));
    if (isLoose) summingToOne(belief, classes);
  }
  return beliefs;
}

/** The network as a sampler sees it, over one patch. */
function predictorOf(image: Float32Array, { network, trained }: DiffusionSettings, onPass: () => void): PredictXStart {
  const { classes, maskChannels } = network.config;
  const size = classes * sizeOf(network.patch);
  const masks = new Float32Array((maskChannels / classes) * size);
  const ask = async (noisyMask: Float32Array, t: number): Promise<Float32Array> => {
    masks.set(noisyMask);
    const answer = await network.predict(image, { mask: masks, time: (t + 1) / trained.numSteps });
    onPass();
    return answer;
  };
  const predict = network.prediction === 'noise' ? xStartFromNoise(ask, trained) : xStartPredictor(ask);
  if (maskChannels === classes) return predict;
  // A network trained with self-conditioning sees its last prediction as a second mask, and nothing at first.
  return async (xT, t) => {
    const xStartPred = await predict(xT, t);
    toProbabilities(xStartPred, masks.subarray(size));
    return xStartPred;
  };
}

/** What is left without the noise is no distribution over classes yet. Changes `probability`. */
function summingToOne(probability: Float32Array, classes: number): void {
  const voxels = probability.length / classes;
  for (let v = 0; v < voxels; v++) {
    let total = 0;
    for (let c = 0; c < classes; c++) total += probability[c * voxels + v]!;
    for (let c = 0; c < classes; c++) {
      const at = c * voxels + v;
      probability[at] = total > 0 ? probability[at]! / total : 1 / classes;
    }
  }
}
