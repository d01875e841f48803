import { invariant } from '../check/invariant.ts';
import { sizeOf } from '../graph/shape.ts';
import { toProbabilities } from '../diffusion/gaussian/maskSpace.ts';
import { ddim } from '../diffusion/samplers/ddim.ts';
import { ddpm } from '../diffusion/samplers/ddpm.ts';
import { dpmSolver } from '../diffusion/samplers/dpmSolver.ts';
import { sampleStreams } from '../diffusion/samplers/sampleNoise.ts';
import { xStartPredictor } from '../diffusion/samplers/sampler.ts';
import { startFromNoise, startFromPrior } from '../diffusion/samplers/start.ts';
import { slideWindow, type PredictWindow } from './slideWindow.ts';
import { windowStarts } from './windows.ts';
import type { RespacedSchedule } from '../diffusion/schedules/respace.ts';
import type { Rng } from '../random/rng.ts';
import type { Shape } from '../graph/ops.ts';
import type { PatchNetwork } from './patchNetwork.ts';

const samplers = { ddim, ddpm, 'dpm-solver': dpmSolver } as const;

export const samplerNames = ['ddim', 'ddpm', 'dpm-solver'] as const satisfies readonly (keyof typeof samplers)[];

export type SamplerName = (typeof samplerNames)[number];

interface DiffusionSettings {
  readonly network: PatchNetwork;
  /** T of the schedule the network was trained with. */
  readonly numSteps: number;
  /** The steps that are run. */
  readonly schedule: RespacedSchedule;
  readonly sampler: SamplerName;
  readonly samples: number;
  /** Number of the first of them, where others of the same image are drawn apart; 0 where it is left out. */
  readonly first?: number;
  readonly seed: number;
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
  const seen = prior ? { ...image, data: joined(image.data, prior) } : image;
  const { network } = diffusion;
  const imageSize = network.config.imageChannels * sizeOf(network.patch);
  const { first = 0 } = diffusion;
  for (let sample = first; sample < first + diffusion.samples; sample++) {
    const drawn = await slide(seen, network, (window, index) => {
      const rngs = sampleStreams(diffusion.seed, sample, 1, index);
      const priorOfWindow = prior && background(window.subarray(imageSize), network.config.classes);
      return samplePatch(window.subarray(0, imageSize), priorOfWindow, diffusion, rngs, onPass);
    });
    yield prediction.method === 'ensemble' && answer ? meanOf(drawn, answer) : drawn;
  }
}

const meanOf = (a: Float32Array, b: Float32Array): Float32Array => a.map((value, at) => (value + b[at]!) / 2);

function givenPrior(prior: Prior): Float32Array {
  invariant('probability' in prior, 'a network has answered');
  return prior.probability;
}

function joined(image: Float32Array, prior: Float32Array): Float32Array {
  const both = new Float32Array(image.length + prior.length);
  both.set(image);
  both.set(prior, image.length);
  return both;
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

const slide = (image: PreparedImage, network: PatchNetwork, predict: PredictWindow): Promise<Float32Array> =>
  slideWindow(image.data, image.shape, volumePatch(network), network.config.classes, predict);

/** [k, j, i]; networks of two dimensions see one slice. */
const volumePatch = ({ patch }: PatchNetwork): Shape => (patch.length === 2 ? [1, ...patch] : patch);

/** One chain over one patch: from noise, or a prior with noise, to class probabilities. */
async function samplePatch(
  image: Float32Array,
  prior: Float32Array | undefined,
  { network, numSteps, schedule, sampler }: DiffusionSettings,
  rngs: readonly Rng[],
  onPass: () => void,
): Promise<Float32Array> {
  const { classes, maskChannels } = network.config;
  const masks = new Float32Array(maskChannels * sizeOf(network.patch));
  const predictXStart = xStartPredictor(async (mask, t) => {
    masks.set(mask);
    const probability = await network.predict(image, { mask: masks, time: (t + 1) / numSteps });
    // A network trained with self-conditioning sees its last prediction as a second mask, and nothing at first.
    if (maskChannels > classes) masks.set(probability, mask.length);
    onPass();
    return probability;
  });
  const xEnd = prior ? startFromPrior(prior, schedule, rngs) : startFromNoise(classes * sizeOf(network.patch), rngs);
  let result: Float32Array | undefined;
  for await (const { xStartPred } of samplers[sampler](predictXStart, xEnd, schedule, rngs)) result = xStartPred;
  invariant(result, 'a chain has steps');
  return toProbabilities(result);
}
