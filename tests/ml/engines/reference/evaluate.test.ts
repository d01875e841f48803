import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate, type Feeds } from '../../../../ml/engines/reference/evaluate.ts';
import { broadcastTo, matmul, pad, reshape, slice, softmax, sum } from '../../../../ml/graph/arrays.ts';
import { add, div, exp, log, mul, sub, swish } from '../../../../ml/graph/elementwise.ts';
import { makeGraph } from '../../../../ml/graph/graph.ts';
import { makeNode } from '../../../../ml/graph/node.ts';
import { sizeOf } from '../../../../ml/graph/shape.ts';
import { input, zeros } from '../../../../ml/graph/sources.ts';
import { makeCase, seeds } from '../support/cases.ts';
import type { Node, NodeOf, OpKind } from '../../../../ml/graph/ops.ts';

const valuesOf = (node: Node, feeds: Feeds = {}): readonly number[] => [
  ...evaluate(makeGraph({ node }), feeds)['node']!,
];

function expectClose(found: readonly number[], expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  for (const [i, value] of found.entries())
    expect(Math.abs(value - expected[i]!), `at ${i}: ${value}, not ${expected[i]!}`).toBeLessThan(1e-12);
}

/** Holds a primitive against the same said with others. */
function holds<K extends OpKind>(op: K, says: (node: NodeOf<K>) => Node): void {
  fc.assert(
    fc.property(seeds, (seed) => {
      const { node, feeds } = makeCase(op, seed);
      expectClose(valuesOf(node, feeds), valuesOf(says(node as NodeOf<OpKind> as NodeOf<K>), feeds));
    }),
    { numRuns: 60 },
  );
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((total, value, i) => total + value * b[i]!, 0);

describe('evaluate', () => {
  const x = input('x', [2]);

  it('gives every output by name', () => {
    expect(evaluate(makeGraph({ doubled: mul(x, 2), x }), { x: [1, 2] })).toEqual({
      doubled: Float64Array.of(2, 4),
      x: Float64Array.of(1, 2),
    });
  });

  it('refuses a feed that is missing or does not fill its input', () => {
    expect(() => valuesOf(x)).toThrow('nothing is fed to x');
    expect(() => valuesOf(x, { x: [1, 2, 3] })).toThrow('3 values do not fill x [2]');
  });

  it('leaves what it is fed as it was', () => {
    const feed = Float64Array.of(1, 2);
    evaluate(makeGraph({ y: mul(x, 2) }), { x: feed })['y']!.fill(9);
    expect(evaluate(makeGraph({ x }), { x: feed })['x']).not.toBe(feed);
    expect(feed).toEqual(Float64Array.of(1, 2));
  });
});

/** conv said as one matrix product a tap: slices of the padded image times that tap's weights, group by group. */
function convByTaps({ inputs, attributes, shape }: NodeOf<'conv'>): Node {
  const [image, weights] = [inputs[0]!, inputs[1]!];
  const { stride, padding, dilation, groups } = attributes;
  const padded = pad(image, {
    low: [0, 0, ...padding.map(([before]) => before)],
    high: [0, 0, ...padding.map(([, after]) => after)],
    interior: image.shape.map(() => 0),
  });
  const [outputs, channels, ...kernel] = weights.shape as [number, number, ...number[]];
  const perGroup = outputs / groups;
  const [n, , ...places] = shape as [number, number, ...number[]];
  let total: Node = zeros(shape);
  for (let o = 0; o < outputs; o++) {
    const firstChannel = Math.floor(o / perGroup) * channels;
    for (let tap = 0; tap < sizeOf(kernel); tap++) {
      let rest = tap;
      const at = kernel.map((_, axis) => {
        const size = sizeOf(kernel.slice(axis + 1));
        const index = Math.floor(rest / size);
        rest %= size;
        return index;
      });
      const start = [0, firstChannel, ...at.map((index, axis) => index * dilation[axis]!)];
      const stop = [
        n,
        firstChannel + channels,
        ...at.map((index, axis) => index * dilation[axis]! + (places[axis]! - 1) * stride[axis]! + 1),
      ];
      const seen = reshape(slice(padded, start, stop, [1, 1, ...stride]), [n, channels, sizeOf(places)]);
      const row = slice(weights, [o, 0, ...at], [o + 1, channels, ...at.map((index) => index + 1)]);
      const product = matmul(broadcastTo(reshape(row, [1, 1, channels]), [n, 1, channels]), seen);
      const rank = shape.length;
      const unit = new Array<number>(rank - 2).fill(0);
      total = add(
        total,
        pad(reshape(product, [n, 1, ...places]), {
          low: [0, o, ...unit],
          high: [0, outputs - o - 1, ...unit],
          interior: [0, 0, ...unit],
        }),
      );
    }
  }
  return total;
}

describe('the reference convolutions', () => {
  it('are a sum of strided slices times weights', () => {
    holds('conv', convByTaps);
  });

  it('are three views of one trilinear form: <conv(x, w), y> = <x, inputGradient(w, y)> = <w, weightGradient(x, y)>', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { node, feeds } = makeCase('convInputGradient', seed);
        if (node.op !== 'convInputGradient') throw new Error('another case was drawn');
        const { spatial, ...geometry } = node.attributes;
        const [w, y] = [node.inputs[0]!, node.inputs[1]!];
        const image = input('image', node.shape);
        const values = Array.from({ length: sizeOf(node.shape) }, (_, i) => Math.sin(i + seed));
        const all = { ...feeds, image: values };
        const forward = valuesOf(makeNode('conv', [image, w], geometry), all);
        const byWeights = makeNode('convWeightGradient', [image, y], { ...geometry, kernel: w.shape.slice(2) });
        expect(spatial).toEqual(node.shape.slice(2));
        const form = dot(forward, valuesOf(y, feeds));
        expectClose(
          [dot(values, valuesOf(node, feeds)), dot(valuesOf(w, feeds), valuesOf(byWeights, all))],
          [form, form],
        );
      }),
    );
  });
});

describe('the reference elementwise primitives', () => {
  // Source: mpmath 1.3, erf at 20 digits.
  it.each([
    [0, 0],
    [1e-10, 1.1283791670955126e-10],
    [0.5, 0.5204998778130465],
    [1, 0.8427007929497149],
    [2.5, 0.999593047982555],
    [3, 0.9999779095030014],
    [5.5, 0.9999999999999927],
    [7, 1],
    [Infinity, 1],
  ])('erf(%d) is right to the last digits, and odd', (at, expected) => {
    const [plus, minus] = valuesOf(makeNode('erf', [input('x', [2])], {}), { x: [at, -at] });
    expect(Math.abs(plus! - expected)).toBeLessThanOrEqual(1e-15 * expected);
    expect(minus).toBe(-plus!);
  });

  it('sigmoid and swish do not overflow', () => {
    const x = input('x', [2]);
    expect(valuesOf(makeNode('sigmoid', [x], {}), { x: [800, -800] })).toEqual([1, 0]);
    expect(valuesOf(swish(x), { x: [800, -800] })).toEqual([800, -0]);
  });

  it('swish is x times the sigmoid of alpha x', () => {
    holds('swish', ({ inputs: [x], attributes: { alpha } }) => mul(x!, makeNode('sigmoid', [mul(x!, alpha)], {})));
  });

  it('cast drops the fraction to int32, and asks for not zero to bool', () => {
    const x = input('x', [5]);
    const feeds = { x: [-1.7, -0.5, 0, 0.5, 1.7] };
    expect(valuesOf(makeNode('cast', [x], { to: 'int32' }), feeds).map((value) => value + 0)).toEqual([-1, 0, 0, 0, 1]);
    expect(valuesOf(makeNode('cast', [x], { to: 'bool' }), feeds)).toEqual([1, 1, 0, 1, 1]);
  });

  it('sign of zero is zero', () => {
    expect(valuesOf(makeNode('sign', [input('x', [3])], {}), { x: [-2, 0, 3] })).toEqual([-1, 0, 1]);
  });
});

describe('the reference moves and reductions', () => {
  const x = input('x', [2, 3]);
  const feeds = { x: [1, 2, 3, 4, 5, 6], i: [2, 0, 2] };
  const indices = input('i', [3], 'int32');

  // Each from the definition of the primitive, by hand.
  it.each<[string, Node, readonly number[]]>([
    ['transpose', makeNode('transpose', [x], { permutation: [1, 0] }), [1, 4, 2, 5, 3, 6]],
    ['broadcastTo', broadcastTo(input('i', [3, 1], 'int32'), [3, 2]), [2, 2, 0, 0, 2, 2]],
    ['slice', slice(x, [0, 0], [2, 3], [1, 2]), [1, 3, 4, 6]],
    [
      'pad',
      pad(x, { low: [0, 1], high: [1, 0], interior: [0, 1] }),
      [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 0, 0, 0, 0, 0],
    ],
    ['concat', makeNode('concat', [x, x], { axis: 1 }), [1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6]],
    ['gather', makeNode('gather', [x, indices], { axis: 1 }), [3, 1, 3, 6, 4, 6]],
    ['scatterAdd', makeNode('scatterAdd', [x, indices], { axis: 1, size: 4 }), [2, 0, 4, 0, 5, 0, 10, 0]],
    ['sum', sum(x, [0]), [5, 7, 9]],
    ['reduceMax', makeNode('reduceMax', [x], { axes: [1] }), [3, 6]],
    [
      'resizeNearest',
      makeNode('resizeNearest', [reshape(x, [1, 2, 3])], { scale: [2] }),
      [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6],
    ],
    ['maxPool', makeNode('maxPool', [reshape(x, [1, 1, 2, 3])], { kernel: [2, 2], stride: [1, 1] }), [5, 6]],
    ['averagePool', makeNode('averagePool', [reshape(x, [1, 1, 6])], { kernel: [2], stride: [3] }), [1.5, 4.5]],
    ['matmul', matmul(x, makeNode('transpose', [x], { permutation: [1, 0] })), [14, 32, 32, 77]],
  ])('%s follows its definition', (_, node, expected) => {
    expect(valuesOf(node, feeds)).toEqual(expected);
  });

  it('argMax takes the first of equals', () => {
    expect(valuesOf(makeNode('argMax', [x], { axis: 1 }), { x: [1, 9, 9, 5, 5, 2] })).toEqual([1, 0]);
  });

  it('gather and scatterAdd refuse an index outside', () => {
    const out = { x: feeds.x, i: [0, 3, 0] };
    expect(() => valuesOf(makeNode('gather', [x, indices], { axis: 1 }), out)).toThrow('index 3 is not below 3');
    expect(() => valuesOf(makeNode('scatterAdd', [x, indices], { axis: 1, size: 3 }), out)).toThrow('index 3');
  });

  it('softmax is exp over the sum of exp, and logSoftmax its logarithm', () => {
    holds('softmax', ({ inputs: [y], attributes: { axis } }) => div(exp(y!), sum(exp(y!), [axis])));
    holds('logSoftmax', ({ inputs: [y], attributes: { axis } }) => sub(y!, log(sum(exp(y!), [axis]))));
  });

  it('softmax of large values does not overflow', () => {
    expect(valuesOf(softmax(input('x', [2]), 0), { x: [1000, 1000] })).toEqual([0.5, 0.5]);
  });
});
