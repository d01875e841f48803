import { div, mul, sub } from '../graph/elementwise.ts';
import { oneHot, sum } from '../graph/arrays.ts';
import { gradients } from '../autodiff/gradients.ts';
import { input } from '../graph/sources.ts';
import { makeGraph, type Graph } from '../graph/graph.ts';
import { ParameterStore, scopeOf, type ParameterSpec } from '../nn/parameters.ts';
import { unet } from '../nn/unet.ts';
import type { UNetConfig } from '../nn/unetConfig.ts';
import { segmentationLoss, type LossWeights } from './loss.ts';
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
import { networkInput, type Strategy } from './strategies/strategy.ts';
import { recycling } from './strategies/recycling.ts';
import { standard } from './strategies/standard.ts';
import type { Node, Shape } from '../graph/ops.ts';

const strategies = { recycling, standard } as const satisfies Record<string, Strategy>;

type StrategyName = keyof typeof strategies;

export interface TrainingStepConfig {
  readonly network: UNetConfig;
  /** `direct` predicts the mask from the image alone (strategy `none` of the paper). */
  readonly method: 'direct' | { readonly strategy: StrategyName };
  readonly batchSize: number;
  /** Patch [k, j, i] or [j, i]. */
  readonly patch: Shape;
  readonly loss: LossWeights;
  readonly optimiser: AdamWConfig;
  /** Largest norm of all gradients together. */
  readonly clip: number;
}

export interface TrainingStep {
  /**
   * Inputs `image` float32 [n, c, ...s], `label` int32 [n, 1, ...s], `weight` [n] and, for diffusion, `noise`, `firstNoise`, `time`,
   * `signal`, `spread` (strategies/strategy.ts), and the numbers of `stepNumbers`. Outputs `loss` [1], `sampleLoss` [n] (unweighted),
   * `gradientNorm` [1] and the next state.
   */
  readonly graph: Graph;
  readonly parameters: readonly ParameterSpec[];
  /** For `compile`: which output replaces which kept input. */
  readonly state: Readonly<Record<string, string>>;
}

/** Forward, backward, clipping, AdamW and the running average, as one graph. */
export function trainingStep(config: TrainingStepConfig): TrainingStep {
  const store = new ParameterStore();
  const n = config.batchSize;
  const label = input('label', [n, 1, ...config.patch], 'int32');
  const mask = oneHot(label, config.network.classes);
  const logits = predict(config, store, mask);
  const sampleLoss = segmentationLoss(logits, mask, config.loss);
  const loss = div(sum(mul(sampleLoss, input('weight', [n])), [0]), n);
  const slopes = gradients(loss, store.nodes);
  const norm = gradientNorm(slopes);
  const numbers = stepNumbers();
  const updates = adamW(store.nodes, clipGradients(slopes, norm, config.clip), numbers, config.optimiser);
  const averages = runningAverage(store.nodes, updates, numbers.emaDecay);
  return {
    graph: makeGraph({ loss, sampleLoss, gradientNorm: norm, ...updates, ...averages }),
    parameters: store.specs,
    state: stateOf(store.specs),
  };
}

/** Every kept input and the output that replaces it. */
const stateOf = (specs: readonly ParameterSpec[]): Record<string, string> =>
  Object.fromEntries(
    specs.flatMap(({ name }) =>
      [name, momentName(name), squareName(name), averageName(name)].map((kept) => [kept, nextName(kept)]),
    ),
  );

function predict(config: TrainingStepConfig, store: ParameterStore, mask: Node): Node {
  const { batchSize: n, patch } = config;
  const image = input('image', [n, config.network.imageChannels, ...patch]);
  if (config.method === 'direct') return unet(scopeOf(store), config.network, image);
  const denoiser = (picture: Node, xT: Node, time: Node): Node =>
    unet(scopeOf(store), config.network, networkInput(picture, xT), time);
  const inputs = {
    image,
    xStart: sub(mul(mask, 2), 1),
    noise: input('noise', mask.shape),
    firstNoise: input('firstNoise', mask.shape),
    time: input('time', [n]),
    signal: input('signal', [n]),
    spread: input('spread', [n]),
  };
  const xT = strategies[config.method.strategy](denoiser, inputs);
  return denoiser(image, xT, inputs.time);
}
