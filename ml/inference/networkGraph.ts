import { concat } from '../graph/arrays.ts';
import { input } from '../graph/sources.ts';
import { makeGraph, type Graph } from '../graph/graph.ts';
import { ParameterStore, scopeOf, type ParameterSpec } from '../nn/parameters.ts';
import { unet } from '../nn/unet.ts';
import { classProbability } from '../nn/classProbability.ts';
import type { PredictionName } from '../diffusion/prediction.ts';
import type { UNetConfig } from '../nn/unetConfig.ts';
import type { Shape } from '../graph/ops.ts';

export interface NetworkGraph {
  /** Inputs `image` [n, c, ...patch] and, where the network takes a mask, `mask` [n, k, ...patch] in [0, 1] and `time` [n]; output
   * `probability`, or `noise` where that is predicted, [n, classes, ...patch]. */
  readonly graph: Graph;
  readonly parameters: readonly ParameterSpec[];
}

/** One application of a network, for one batch size and patch. */
export function networkGraph(
  config: UNetConfig,
  batchSize: number,
  patch: Shape,
  prediction: PredictionName = 'xStart',
): NetworkGraph {
  const store = new ParameterStore();
  const image = input('image', [batchSize, config.imageChannels, ...patch]);
  const logits =
    config.maskChannels === 0
      ? unet(scopeOf(store), config, image)
      : unet(
          scopeOf(store),
          config,
          concat([image, input('mask', [batchSize, config.maskChannels, ...patch])], 1),
          input('time', [batchSize]),
        );
  const answer =
    prediction === 'noise' ? { noise: logits } : { probability: classProbability(logits, config.membership) };
  return { graph: makeGraph(answer), parameters: store.specs };
}
