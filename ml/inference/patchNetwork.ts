import { invariant } from '../check/invariant.ts';
import { Problem } from '../check/problem.ts';
import { sizeOf } from '../graph/shape.ts';
import { networkGraph } from './networkGraph.ts';
import type { PredictionName } from '../diffusion/prediction.ts';
import type { Engine, Program } from '../engines/engine.ts';
import type { UNetConfig } from '../nn/unetConfig.ts';
import type { ParameterSpec } from '../nn/parameters.ts';
import type { Shape } from '../graph/ops.ts';

/** What a diffusion network is told besides the image. */
export interface NoisyMask {
  /** [k, ...patch] in [0, 1]. */
  readonly mask: Float32Array;
  /** (t + 1) / T. */
  readonly time: number;
}

/** A network with its weights on an engine, one patch at a time. */
export interface PatchNetwork {
  readonly config: Pick<UNetConfig, 'imageChannels' | 'maskChannels' | 'classes'> &
    Partial<Pick<UNetConfig, 'membership'>>;
  readonly patch: Shape;
  /** What it answers; class probabilities where left out. */
  readonly prediction?: PredictionName;
  /** image [c, ...patch] -> class probabilities or noise [classes, ...patch]. */
  predict(image: Float32Array, noisy?: NoisyMask): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/**
 * Compiles a network with fixed weights.
 *
 * @throws Problem 'model' where a weight is missing or has another shape.
 */
export async function openPatchNetwork(
  engine: Engine,
  config: UNetConfig,
  patch: Shape,
  weights: Readonly<Record<string, Float32Array>>,
  prediction: PredictionName = 'xStart',
): Promise<PatchNetwork> {
  const { graph, parameters } = networkGraph(config, 1, patch, prediction);
  checkWeights(parameters, weights);
  const constants = Object.fromEntries(parameters.map(({ name }) => [name, weights[name]!]));
  return patchNetwork(await engine.compile(graph, { constants }), config, patch, prediction);
}

/** A network whose weights can be replaced: for validation during a training. */
export async function openChangingNetwork(
  engine: Engine,
  config: UNetConfig,
  patch: Shape,
  prediction: PredictionName = 'xStart',
): Promise<PatchNetwork & { setWeights(weights: Readonly<Record<string, Float32Array>>): void }> {
  const { graph, parameters } = networkGraph(config, 1, patch, prediction);
  const state = Object.fromEntries(parameters.map(({ name }) => [name, undefined]));
  const program = await engine.compile(graph, { state });
  return {
    ...patchNetwork(program, config, patch, prediction),
    setWeights: (weights) => {
      program.setState(weights);
    },
  };
}

function patchNetwork(program: Program, config: UNetConfig, patch: Shape, prediction: PredictionName): PatchNetwork {
  const output = prediction === 'noise' ? 'noise' : 'probability';
  return {
    config,
    patch,
    prediction,
    predict: async (image, noisy) => {
      invariant(image.length === config.imageChannels * sizeOf(patch), 'the image fills the patch');
      const feeds = noisy ? { image, mask: noisy.mask, time: Float32Array.of(noisy.time) } : { image };
      const answer = (await program.run(feeds))[output];
      invariant(answer, `a network has the output ${output}`);
      const values = await answer.read();
      answer.dispose();
      invariant(values instanceof Float32Array, `${output} is float32`);
      return values;
    },
    dispose: () => program.dispose(),
  };
}

export function checkWeights(
  parameters: readonly ParameterSpec[],
  weights: Readonly<Record<string, Float32Array>>,
): void {
  for (const { name, shape } of parameters) {
    const size = weights[name]?.length;
    if (size === sizeOf(shape)) continue;
    const what = size === undefined ? 'a weight is missing' : `a weight has ${size} values instead of ${sizeOf(shape)}`;
    throw new Problem('model', what, name, 'Get the whole model folder again from where it came from.');
  }
}
