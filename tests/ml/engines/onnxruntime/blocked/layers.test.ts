import { describe, it } from 'vitest';
import { gradients } from '../../../../../ml/autodiff/gradients.ts';
import { broadcastTo, reshape, sum } from '../../../../../ml/graph/arrays.ts';
import { add, div, exp, max, mul, neg, square, sub, swish } from '../../../../../ml/graph/elementwise.ts';
import { makeGraph, type Graph } from '../../../../../ml/graph/graph.ts';
import { averagePool, conv, geometry, maxPool, resizeNearest } from '../../../../../ml/graph/images.ts';
import { input } from '../../../../../ml/graph/sources.ts';
import { groupNorm } from '../../../../../ml/nn/layers.ts';
import { ParameterStore, scopeOf } from '../../../../../ml/nn/parameters.ts';
import { expectBothWaysAlike } from './bothWays.ts';
import type { Node } from '../../../../../ml/graph/ops.ts';

const shapes: readonly (readonly number[])[] = [
  [1, 32, 6, 7],
  [2, 24, 5, 4],
  [2, 8, 3, 4],
  [2, 16, 3, 4, 5],
  [1, 24, 2, 3, 4],
];

const all = ({ shape }: Node): readonly number[] => [...shape.keys()];
const small = (name: string, [n, c, ...spatial]: readonly number[], samples = n!): Node =>
  input(name, [samples, c!, ...spatial.map(() => 1)]);

/** An image that is held in blocks: the result of a convolution. */
function image(name: string, [n, c, ...spatial]: readonly number[]): Node {
  const w = input(`${name}.w`, [c!, c!, ...spatial.map(() => 1)]);
  return conv(input(name, [n!, c!, ...spatial]), w, geometry(spatial.length));
}

/** The values and the gradients by every given node. */
function withGradients(y: Node, by: readonly Node[]): Graph {
  const slopes = gradients(sum(mul(y, input('weights', y.shape)), all(y)), by);
  return makeGraph({ y, ...Object.fromEntries(slopes.map((slope, i) => [`by${i}`, slope])) });
}

describe('in the blocked lowering', () => {
  it.each(shapes)('linear combinations by channel agree with the plain ones: %j', async (...shape) => {
    const [a, b] = [image('a', shape), image('b', shape)];
    const [p, q, r] = [small('p', shape), small('q', shape, 1), small('r', shape)];
    const y = sub(add(mul(a, p), mul(b, 2)), add(neg(a), broadcastTo(q, shape)));
    const z = add(div(add(b, y), add(square(r), 1)), mul(0.5, q));
    await expectBothWaysAlike(withGradients(z, [a, b, p, q, r]));
  });

  it.each(shapes)('a value for the whole image agrees with the plain one: %j', async (...shape) => {
    const a = image('a', shape);
    const factor = input(
      'factor',
      shape.map(() => 1),
    );
    const y = max(mul(add(mul(a, factor), 3), a), -0.5);
    await expectBothWaysAlike(withGradients(add(exp(mul(y, 0.1)), y), [a, factor]));
  });

  it.each(shapes)('group normalisation and activation agree with the plain ones: %j', async (...shape) => {
    const x = image('x', shape);
    for (const groups of [shape[1]!, 4]) {
      const store = new ParameterStore();
      const shift = input('shift', shape.slice(0, 2));
      const h = swish(groupNorm(scopeOf(store), x, { groups, shift }), groups === 4 ? 1 : 1.702);
      await expectBothWaysAlike(withGradients(swish(add(h, x)), [x, shift, ...store.nodes]));
    }
  });

  it.each(shapes)('sums over space, and over more, agree with the plain ones: %j', async (...shape) => {
    const [a, b] = [image('a', shape), image('b', shape)];
    const spatial = [...shape.keys()].slice(2);
    const y = sub(mul(a, small('p', shape)), add(b, small('q', shape)));
    const sums = { sum: sum(a, spatial), dot: sum(mul(a, b), spatial), channel: sum(b, [0, ...spatial]) };
    const linear = { linear: sum(y, [0, ...spatial]), whole: sum(square(y), [0, 1, ...spatial]), all: sum(y, all(y)) };
    await expectBothWaysAlike(makeGraph({ ...sums, ...linear, rows: sum(a, [3]) }));
  });

  it('the sum of a large plane is taken in parts', async () => {
    const a = image('a', [1, 16, 72, 65]);
    await expectBothWaysAlike(makeGraph({ mean: sum(a, [2, 3]), square: sum(mul(a, a), [2, 3]) }));
  });

  it.each([
    [1, 32, 6, 8],
    [2, 24, 4, 6, 4],
  ])('pooling and resizing agree with the plain ones: %j', async (...shape) => {
    const a = image('a', shape);
    const twos = shape.slice(2).map(() => 2);
    const pooled = averagePool(a, { kernel: twos, stride: twos });
    const largest = maxPool(a, { kernel: twos, stride: twos });
    const wide = maxPool(a, { kernel: twos, stride: twos.map(() => 1) });
    const y = add(resizeNearest(mul(pooled, largest), twos), a);
    await expectBothWaysAlike(makeGraph({ pooled, largest, wide, y }));
    await expectBothWaysAlike(withGradients(y, [a]));
  });

  it('what has one pixel stays out of blocks', async () => {
    const x = input('x', [2, 32, 1, 1]);
    const w = input('w', [32, 32, 1, 1]);
    const y = add(conv(x, w, geometry(2)), input('bias', [1, 32, 1, 1]));
    await expectBothWaysAlike(withGradients(swish(y), [x, w]), { state: { w: undefined } });
  });

  it('an image that is reshaped and comes back agrees with the plain one', async () => {
    const a = image('a', [2, 32, 4, 6]);
    const flat = swish(reshape(a, [2, 32, 24]));
    await expectBothWaysAlike(withGradients(add(reshape(flat, a.shape), a), [a]));
  });
});
