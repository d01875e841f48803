import { invariant } from '../check/invariant.ts';
import { Problem } from '../check/problem.ts';
import { sizeOf } from '../graph/shape.ts';
import { networkGraph } from './networkGraph.ts';
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
  readonly config: UNetConfig;
  readonly patch: Shape;
  /** image [c, ...patch] -> class probabilities [classes, ...patch]. */
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
): Promise<PatchNetwork> {
  const { graph, parameters } = networkGraph(config, 1, patch);
  checkWeights(parameters, weights);
  const constants = Object.fromEntries(parameters.map(({ name }) => [name, weights[name]!]));
  return patchNetwork(await engine.compile(graph, { constants }), config, patch);
}

/** A network whose weights can be replaced: for validation during a training. */
export async function openChangingNetwork(
  engine: Engine,
  config: UNetConfig,
  patch: Shape,
): Promise<PatchNetwork & { setWeights(weights: Readonly<Record<string, Float32Array>>): void }> {
  const { graph, parameters } = networkGraph(config, 1, patch);
  const state = Object.fromEntries(parameters.map(({ name }) => [name, undefined]));
  const program = await engine.compile(graph, { state });
  return {
    ...patchNetwork(program, config, patch),
    setWeights: (weights) => {
      program.setState(weights);
    },
  };
}

function patchNetwork(program: Program, config: UNetConfig, patch: Shape): PatchNetwork {
  return {
    config,
    patch,
    predict: async (image, noisy) => {
      invariant(image.length === config.imageChannels * sizeOf(patch), 'the image fills the patch');
      const feeds = noisy ? { image, mask: noisy.mask, time: Float32Array.of(noisy.time) } : { image };
      const { probability } = await program.run(feeds);
      const values = await probability!.read();
      probability!.dispose();
      invariant(values instanceof Float32Array, 'probabilities are float32');
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
