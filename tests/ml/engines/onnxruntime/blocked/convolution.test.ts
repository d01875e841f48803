import { describe, expect, it } from 'vitest';
import { gradients } from '../../../../../ml/autodiff/gradients.ts';
import { sum } from '../../../../../ml/graph/arrays.ts';
import { makeNode } from '../../../../../ml/graph/node.ts';
import { add, mul, swish } from '../../../../../ml/graph/elementwise.ts';
import { makeGraph, type Graph } from '../../../../../ml/graph/graph.ts';
import { averagePool, conv, geometry, resizeNearest } from '../../../../../ml/graph/images.ts';
import { input } from '../../../../../ml/graph/sources.ts';
import { blockedLowering } from '../../../../../ml/engines/onnxruntime/blocked/blocked.ts';
import { block, expectBothWaysAlike } from './bothWays.ts';
import type { Node } from '../../../../../ml/graph/ops.ts';

interface Setting {
  readonly n: number;
  readonly c: number;
  readonly o: number;
  readonly spatial: readonly number[];
  readonly kernel?: number;
  readonly stride?: number;
  readonly padding?: number;
  /** Nearest resize before the convolution. */
  readonly scale?: readonly number[];
}

/** Convolution with bias, activation and residual, and the gradients by all that goes in. */
function layer({ n, c, o, spatial, kernel = 3, stride = 1, padding = (kernel - 1) / 2, scale }: Setting): Graph {
  const dimensions = spatial.length;
  const x = input('x', [n, c, ...spatial]);
  const w = input('w', [o, c, ...new Array<number>(dimensions).fill(kernel)]);
  const bias = input('bias', [1, o, ...new Array<number>(dimensions).fill(1)]);
  const image = scale ? resizeNearest(x, scale) : x;
  const y = add(conv(image, w, geometry(dimensions, { stride, padding })), bias);
  const residual = input('residual', y.shape);
  const z = swish(add(y, residual), 1.702);
  const loss = sum(mul(z, input('weights', y.shape)), [...y.shape.keys()]);
  const [byX, byW, byBias, byResidual] = gradients(loss, [x, w, bias, residual]);
  return makeGraph({ z, byX: byX!, byW: byW!, byBias: byBias!, byResidual: byResidual! });
}

const planes: readonly Setting[] = [
  { n: 1, c: 32, o: 32, spatial: [8, 9] },
  { n: 2, c: 24, o: 48, spatial: [7, 5] },
  { n: 4, c: 1, o: 32, spatial: [9, 6] },
  { n: 2, c: 3, o: 24, spatial: [5, 7] },
  { n: 1, c: 8, o: 8, spatial: [6, 5] },
  { n: 2, c: 32, o: 3, spatial: [5, 4], kernel: 1 },
  { n: 1, c: 48, o: 1, spatial: [4, 4], kernel: 1 },
  { n: 1, c: 16, o: 32, spatial: [6, 5], kernel: 5 },
  { n: 1, c: 32, o: 16, spatial: [7, 6], padding: 0 },
  { n: 2, c: 32, o: 24, spatial: [8, 6], stride: 2 },
  { n: 1, c: 24, o: 32, spatial: [7, 9], stride: 2 },
  { n: 1, c: 16, o: 16, spatial: [6, 6], kernel: 1, stride: 2 },
  { n: 1, c: 1, o: 16, spatial: [7, 6], stride: 2 },
  { n: 2, c: 48, o: 32, spatial: [3, 5], scale: [2, 2] },
  { n: 1, c: 32, o: 8, spatial: [4, 3], scale: [2, 1] },
  { n: 1, c: 32, o: 16, spatial: [3, 2], scale: [3, 3] },
  { n: 1, c: 3, o: 16, spatial: [4, 3], scale: [2, 2] },
];

const volumes: readonly Setting[] = [
  { n: 1, c: 32, o: 16, spatial: [4, 5, 6] },
  { n: 2, c: 24, o: 24, spatial: [3, 4, 5] },
  { n: 2, c: 32, o: 32, spatial: [5, 8, 6] },
  { n: 1, c: 24, o: 48, spatial: [8, 7, 9] },
  { n: 1, c: 32, o: 32, spatial: [6, 8, 8], padding: 0 },
  { n: 1, c: 32, o: 32, spatial: [4, 9, 8], padding: 2 },
  { n: 1, c: 32, o: 32, spatial: [2, 8, 8] },
  { n: 2, c: 1, o: 32, spatial: [4, 5, 3] },
  { n: 1, c: 16, o: 16, spatial: [1, 5, 4] },
  { n: 1, c: 32, o: 3, spatial: [3, 4, 4], kernel: 1 },
  { n: 1, c: 16, o: 32, spatial: [6, 7, 4], stride: 2 },
  { n: 2, c: 32, o: 16, spatial: [5, 4, 7], stride: 2 },
  { n: 2, c: 32, o: 16, spatial: [2, 3, 4], scale: [2, 2, 2] },
  { n: 1, c: 48, o: 32, spatial: [3, 2, 3], scale: [1, 2, 2] },
];

const printed = (settings: readonly Setting[]) =>
  settings.map((setting) => [JSON.stringify(setting), setting] as const);

/** Every operation of a graph, by its kernel; kept weights as in training. */
const opsOf = (graph: Graph): readonly string[] =>
  blockedLowering(block)(graph, { state: { w: undefined } }).model.nodes.map(({ domain, op }) => `${domain}:${op}`);

describe('a convolution in the blocked lowering', () => {
  it.each(printed(planes))('agrees with the plain one in planes, gradients too: %s', async (_, setting) => {
    await expectBothWaysAlike(layer(setting), { state: { w: undefined } });
  });

  it.each(printed(volumes))('agrees with the plain one in volumes, gradients too: %s', async (_, setting) => {
    await expectBothWaysAlike(layer(setting), { state: { w: undefined } });
  });

  it('agrees with the plain one where the weights are fed, and where they are constant', async () => {
    const graph = layer({ n: 2, c: 24, o: 32, spatial: [5, 6] });
    await expectBothWaysAlike(graph);
    await expectBothWaysAlike(graph, {
      constants: { w: Float32Array.from({ length: 32 * 24 * 9 }, (_, i) => Math.cos(i)) },
    });
  });

  it.each([
    { n: 1, c: 32, o: 32, spatial: [8, 8] },
    { n: 1, c: 32, o: 32, spatial: [8, 8], stride: 2 },
    { n: 1, c: 32, o: 32, spatial: [4, 4], scale: [2, 2] },
    { n: 1, c: 32, o: 32, spatial: [2, 4, 4], scale: [2, 2, 2] },
  ])('leaves nothing to the kernels for rows of pixels: %j', (setting) => {
    const ops = new Set(opsOf(layer(setting)));
    for (const slow of [':Conv', ':ConvTranspose', ':Resize', ':AveragePool']) expect(ops).not.toContain(slow);
  });

  const image = (name: string, shape: readonly number[]): Node => {
    const ones = shape.slice(2).map(() => 1);
    return conv(input(name, shape), input(`${name}.w`, [shape[1]!, shape[1]!, ...ones]), geometry(ones.length));
  };

  it.each([2, 3])('adds a bias and another image as it goes, whichever kind it is, %d-D', async (dimensions) => {
    const [fine, coarse] = [[6, 8, 4].slice(-dimensions), [3, 4, 2].slice(-dimensions)];
    const w = input('w', [24, 32, ...fine.map(() => 3)]);
    const [same, strided] = [geometry(dimensions, { padding: 1 }), geometry(dimensions, { padding: 1, stride: 2 })];
    const twos = fine.map(() => 2);
    const [many, few] = [image('many', [2, 32, ...coarse]), image('few', [2, 24, ...fine])];
    const results = {
      forward: conv(image('x', [2, 32, ...fine]), w, same),
      resized: conv(resizeNearest(many, twos), w, same),
      back: makeNode('convInputGradient', [w, few], { ...same, spatial: fine }),
      backFromCoarse: makeNode('convInputGradient', [w, image('g', [2, 24, ...coarse])], { ...strided, spatial: fine }),
      backThroughResize: mul(
        averagePool(makeNode('convInputGradient', [w, image('h', [2, 24, ...fine])], { ...same, spatial: fine }), {
          kernel: twos,
          stride: twos,
        }),
        2 ** dimensions,
      ),
    };
    const sums = Object.entries(results).map(([name, result]) => {
      const beside = add(
        swish(image(`${name}.beside`, result.shape)),
        input(`${name}.bias`, [1, result.shape[1]!, ...fine.map(() => 1)]),
      );
      return [name, add(result, beside)] as const;
    });
    await expectBothWaysAlike(makeGraph(Object.fromEntries(sums)), { state: { w: undefined } });
  });

  it('takes four convolutions of planes for two slices under three taps', () => {
    const count = (spatial: readonly number[]) =>
      blockedLowering(block)(layer({ n: 1, c: 32, o: 32, spatial }), { state: { w: undefined } }).model.nodes.filter(
        ({ op, attributes }) => op === 'Conv' && attributes['group'] === undefined,
      ).length;
    // Forward and two gradients.
    expect(count([10, 16, 16]) - count([8, 16, 16])).toBe(3 * 4);
  });

  it('is computed once where two things read it', () => {
    const y = conv(image('x', [1, 32, 6, 6]), input('w', [32, 32, 3, 3]), geometry(2, { padding: 1 }));
    const [p, q] = [input('p', [1, 32, 1, 1]), input('q', [1, 32, 1, 1])];
    const filters = blockedLowering(block)(makeGraph({ a: add(y, p), b: add(y, q) }), {}).model.nodes.filter(
      ({ attributes }) => JSON.stringify(attributes['kernel_shape']) === '[3,3]',
    );
    expect(filters.length).toBe(1);
  });

  it('falls back where it has no kernel: groups, dilation', async () => {
    const x: Node = input('x', [2, 32, 6, 7]);
    const w: Node = input('w', [32, 8, 3, 3]);
    const v: Node = input('v', [16, 32, 3, 3]);
    const y = conv(x, w, geometry(2, { padding: 1, groups: 4 }));
    const z = conv(swish(y), v, geometry(2, { padding: 2, dilation: 2 }));
    const [byX, byW, byV] = gradients(sum(mul(z, z), [0, 1, 2, 3]), [x, w, v]);
    const graph = makeGraph({ z, byX: byX!, byW: byW!, byV: byV! });
    await expectBothWaysAlike(graph, { state: { w: undefined, v: undefined } });
  });
});
