import { invariant } from '../check/invariant.ts';
import { sizeOf } from '../graph/shape.ts';
import { toProbabilities } from '../diffusion/gaussian/maskSpace.ts';
import { ddim } from '../diffusion/samplers/ddim.ts';
import { ddpm } from '../diffusion/samplers/ddpm.ts';
import { sampleStreams } from '../diffusion/samplers/sampleNoise.ts';
import { xStartPredictor } from '../diffusion/samplers/sampler.ts';
import { startFromNoise } from '../diffusion/samplers/start.ts';
import { slideWindow, type PredictWindow } from './slideWindow.ts';
import { windowStarts } from './windows.ts';
import type { RespacedSchedule } from '../diffusion/schedules/respace.ts';
import type { Rng } from '../random/rng.ts';
import type { Shape } from '../graph/ops.ts';
import type { PatchNetwork } from './patchNetwork.ts';

const samplers = { ddim, ddpm } as const;

export type SamplerName = keyof typeof samplers;

interface DiffusionSettings {
  readonly network: PatchNetwork;
  /** T of the schedule the network was trained with. */
  readonly numSteps: number;
  /** The steps that are run. */
  readonly schedule: RespacedSchedule;
  readonly sampler: SamplerName;
  readonly samples: number;
  readonly seed: number;
}

/** How an image is segmented; each method says which networks it needs. */
export type Prediction =
  | { readonly method: 'direct'; readonly direct: PatchNetwork }
  | { readonly method: 'diffusion'; readonly diffusion: DiffusionSettings }
  /** Every sample averaged with the direct network's answer. */
  | { readonly method: 'ensemble'; readonly direct: PatchNetwork; readonly diffusion: DiffusionSettings };

/** A prepared image, [c, k, j, i] with shape [k, j, i]. */
export interface PreparedImage {
  readonly data: Float32Array;
  readonly shape: Shape;
}

/** Passes through networks that `predictSamples` makes for an image: the unit of its progress. */
export function countPasses(prediction: Prediction, shape: Shape): number {
  const { direct, diffusion } = partsOf(prediction);
  const windows = (network: PatchNetwork): number => windowStarts(shape, volumePatch(network)).length;
  const chains = diffusion ? diffusion.samples * diffusion.schedule.numSteps * windows(diffusion.network) : 0;
  return chains + (direct ? windows(direct) : 0);
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
  const { direct, diffusion } = partsOf(prediction);
  const answer = direct && (await slide(image, direct, counted(direct, onPass)));
  if (!diffusion) {
    invariant(answer, 'every method has a network');
    yield answer;
    return;
  }
  for (let sample = 0; sample < diffusion.samples; sample++) {
    const drawn = await slide(image, diffusion.network, (window, index) =>
      samplePatch(window, diffusion, sampleStreams(diffusion.seed, sample, 1, index), onPass),
    );
    yield answer ? drawn.map((probability, at) => (probability + answer[at]!) / 2) : drawn;
  }
}

function partsOf(prediction: Prediction): { direct?: PatchNetwork; diffusion?: DiffusionSettings } {
  switch (prediction.method) {
    case 'direct':
      return { direct: prediction.direct };
    case 'diffusion':
      return { diffusion: prediction.diffusion };
    case 'ensemble':
      return { direct: prediction.direct, diffusion: prediction.diffusion };
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

/** One chain over one patch: from noise to class probabilities. */
async function samplePatch(
  image: Float32Array,
  { network, numSteps, schedule, sampler }: DiffusionSettings,
  rngs: readonly Rng[],
  onPass: () => void,
): Promise<Float32Array> {
  const predictXStart = xStartPredictor(async (mask, t) => {
    const probability = await network.predict(image, { mask, time: (t + 1) / numSteps });
    onPass();
    return probability;
  });
  const xEnd = startFromNoise(network.config.classes * sizeOf(network.patch), rngs);
  let result: Float32Array | undefined;
  for await (const { xStartPred } of samplers[sampler](predictXStart, xEnd, schedule, rngs)) result = xStartPred;
  invariant(result, 'a chain has steps');
  return toProbabilities(result);
}
