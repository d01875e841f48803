import { div, mul } from '../graph/elementwise.ts';
import { oneHot, sum } from '../graph/arrays.ts';
import { gradients } from '../autodiff/gradients.ts';
import { input } from '../graph/sources.ts';
import { makeGraph, type Graph } from '../graph/graph.ts';
import { ParameterStore, scopeOf, type ParameterSpec } from '../nn/parameters.ts';
import { unet } from '../nn/unet.ts';
import type { UNetConfig } from '../nn/unetConfig.ts';
import { denoisingLoss, type DiffusionMethod } from './denoisingLoss.ts';
import { segmentationLoss, type LossWeights } from './loss.ts';
import { maskOf, type Regions } from './maskOf.ts';
import {
  adamW,
  clipGradients,
  runningAverage,
  averageName,
  gradientNorm,
  momentName,
  nextName,
  squareName,
  stepNumbers,
  type AdamWConfig,
} from './optimiser.ts';
import { layerScales } from './transfer/layerScales.ts';
import type { Node, Shape } from '../graph/ops.ts';

export interface TrainingStepConfig {
  readonly network: UNetConfig;
  /** `direct` predicts the mask from the image alone (strategy `none` of the paper). */
  readonly method: 'direct' | DiffusionMethod;
  readonly batchSize: number;
  /** Patch [k, j, i] or [j, i]. */
  readonly patch: Shape;
  readonly loss: LossWeights;
  /** For each class of the network the label classes that belong to it, where that is not one each. */
  readonly regions?: Regions | undefined;
  readonly optimiser: AdamWConfig;
  /** Largest norm of all gradients together. */
  readonly clip: number;
  /** The learning rate of a layer over that of the next; 1: all learn alike. */
  readonly layerDecay: number;
  /** Parts of the network that are left as they are: how the names of their parameters begin, e.g. `encoder`. */
  readonly frozen: readonly string[];
}

export interface TrainingStep {
  /**
   * Inputs `image` float32 [n, c, ...s], `label` int32 [n, 1, ...s], `weight` [n], for diffusion those of strategies/strategy.ts that
   * the strategy uses (`next.time` is `nextTime`, and so on), and the numbers of `stepNumbers`. Outputs `loss` [1], `sampleLoss` [n] (unweighted),
   * `gradientNorm` [1] and the next state.
   */
  readonly graph: Graph;
  readonly parameters: readonly ParameterSpec[];
  /** For `compile`: which output replaces which kept input; none that of a frozen parameter. */
  readonly state: Readonly<Record<string, string | undefined>>;
}

/** Forward, backward, clipping, AdamW and the running average, as one graph. */
export function trainingStep(config: TrainingStepConfig): TrainingStep {
  const store = new ParameterStore();
  const n = config.batchSize;
  const label = input('label', [n, 1, ...config.patch], 'int32');
  const mask = config.regions ? maskOf(label, config.regions) : oneHot(label, config.network.classes);
  const sampleLoss = sampleLossOf(config, store, mask);
  const loss = div(sum(mul(sampleLoss, input('weight', [n])), [0]), n);
  const scales = layerScales(store.specs, config.layerDecay, config.frozen);
  const scaleOf = (name: string): number => scales.get(name)!;
  const learning = store.nodes.filter(({ attributes: { name } }) => scaleOf(name) > 0);
  const slopes = gradients(loss, learning);
  const norm = gradientNorm(slopes);
  const numbers = stepNumbers();
  const updates = adamW(learning, clipGradients(slopes, norm, config.clip), numbers, config.optimiser, scaleOf);
  const averages = runningAverage(learning, updates, numbers.emaDecay);
  return {
    graph: makeGraph({ loss, sampleLoss, gradientNorm: norm, ...updates, ...averages }),
    parameters: store.specs,
    state: stateOf(store.specs, scaleOf),
  };
}

/** Every kept input and the output that replaces it. */
const stateOf = (
  specs: readonly ParameterSpec[],
  scaleOf: (name: string) => number,
): Record<string, string | undefined> =>
  Object.fromEntries(
    specs.flatMap(({ name }): readonly (readonly [string, string | undefined])[] => {
      if (scaleOf(name) === 0) return [[name, undefined]];
      return [name, momentName(name), squareName(name), averageName(name)].map((kept) => [kept, nextName(kept)]);
    }),
  );

/** [n], for a mask [n, k, ...s]. */
function sampleLossOf(config: TrainingStepConfig, store: ParameterStore, mask: Node): Node {
  const { network, method, batchSize, patch, loss } = config;
  const image = input('image', [batchSize, network.imageChannels, ...patch]);
  if (method !== 'direct') return denoisingLoss(config, method, scopeOf(store), image, mask);
  return segmentationLoss(unet(scopeOf(store), network, image), mask, loss, network.membership);
}
