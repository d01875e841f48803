import { div, mul, neg } from '../../../ml/graph/elementwise.ts';
import { logSoftmax, oneHot, reshape, sum } from '../../../ml/graph/arrays.ts';
import { input } from '../../../ml/graph/sources.ts';
import { sizeOf } from '../../../ml/graph/shape.ts';
import { gradients } from '../../../ml/autodiff/gradients.ts';
import { makeGraph, type Graph } from '../../../ml/graph/graph.ts';
import { ParameterStore, scopeOf, type ParameterSpec } from '../../../ml/nn/parameters.ts';
import { unet } from '../../../ml/nn/unet.ts';
import type { UNetConfig } from '../../../ml/nn/unetConfig.ts';
import { adamW, defaultAdamW, momentName, nextName, squareName, stepNumbers } from '../../../ml/training/optimiser.ts';
import type { Node } from '../../../ml/graph/ops.ts';
import type { Dimensions } from './ours.ts';

/** The network of bench_unet.py. */
const benchConfig = (dimensions: Dimensions): UNetConfig => ({
  kind: 'unet',
  dimensions,
  imageChannels: 1,
  maskChannels: 0,
  classes: 2,
  membership: 'exclusive',
  channels: [32, 64, 128, 256],
  blocks: 1,
  norm: 8,
  activation: 'silu',
  attentionHeads: 0,
});

export const benchShape = (dimensions: Dimensions): readonly number[] =>
  dimensions === 2 ? [4, 1, 128, 128] : [1, 1, 64, 64, 64];

/** Input `image`, output `logits`. */
export function benchInference(
  dimensions: Dimensions,
  shape = benchShape(dimensions),
): { graph: Graph; parameters: readonly ParameterSpec[] } {
  const store = new ParameterStore();
  const logits = unet(scopeOf(store), benchConfig(dimensions), input('image', shape));
  return { graph: makeGraph({ logits }), parameters: store.specs };
}

/** Mean cross entropy of the network on `image` and `label` int32, with the gradient by every parameter under `gradient.NAME`. */
export function benchGradients(
  dimensions: Dimensions,
  shape = benchShape(dimensions),
): { graph: Graph; parameters: readonly ParameterSpec[] } {
  const { store, loss } = benchLoss(dimensions, shape);
  const slopes = gradients(loss, store.nodes);
  const named = store.nodes.map(({ attributes: { name } }, i) => [`gradient.${name}`, slopes[i]!] as const);
  return { graph: makeGraph({ loss, ...Object.fromEntries(named) }), parameters: store.specs };
}

/** One training step as bench_unet.py defines it: cross entropy and AdamW, no clipping, no running average. */
export function benchTraining(dimensions: Dimensions, shape = benchShape(dimensions)) {
  const { store, loss } = benchLoss(dimensions, shape);
  const updates = adamW(store.nodes, gradients(loss, store.nodes), stepNumbers(), defaultAdamW);
  const kept = store.specs.flatMap(({ name }) => [name, momentName(name), squareName(name)]);
  return {
    graph: makeGraph({ loss, ...updates }),
    parameters: store.specs,
    state: Object.fromEntries(kept.map((name) => [name, nextName(name)])),
  };
}

function benchLoss(dimensions: Dimensions, shape: readonly number[]): { store: ParameterStore; loss: Node } {
  const store = new ParameterStore();
  const [n, , ...spatial] = shape;
  const logits = unet(scopeOf(store), benchConfig(dimensions), input('image', shape));
  const mask = oneHot(input('label', [n!, 1, ...spatial], 'int32'), 2);
  const total = sum(mul(logSoftmax(logits, 1), mask), [...logits.shape.keys()]);
  return { store, loss: reshape(div(neg(total), n! * sizeOf(spatial)), [1]) };
}
