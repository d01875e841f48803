import { describe, expect, it } from 'vitest';
import { gradients } from '../../../ml/autodiff/gradients.ts';
import { evaluate, type Feeds } from '../../../ml/engines/reference/evaluate.ts';
import { reduceMax, reshape, sum } from '../../../ml/graph/arrays.ts';
import { add, exp, max, min, mul, sin, square, stopGradient, tanh } from '../../../ml/graph/elementwise.ts';
import { makeGraph, nodesOf } from '../../../ml/graph/graph.ts';
import { maxPool } from '../../../ml/graph/images.ts';
import { constant, input } from '../../../ml/graph/sources.ts';
import { processorSeconds } from '../engines/support/processorSeconds.ts';
import type { Node } from '../../../ml/graph/ops.ts';

const x = input('x', [3]);

function valuesOfGradient(loss: Node, by: Node, feeds: Feeds): readonly number[] {
  const [gradient] = gradients(loss, [by]);
  return [...evaluate(makeGraph({ gradient: gradient! }), feeds)['gradient']!];
}

describe('gradients', () => {
  it('sums what flows back through every use', () => {
    const used = add(add(mul(x, 2), mul(x, 3)), square(x));
    expect(valuesOfGradient(sum(used, [0]), x, { x: [1, 2, -1] })).toEqual([7, 9, 3]);
  });

  it('differentiates by a node inside the graph, through all paths behind it', () => {
    const inner = mul(x, 2);
    const loss = sum(add(square(inner), x), [0]);
    expect(valuesOfGradient(loss, inner, { x: [1, 2, 3] })).toEqual([4, 8, 12]);
    expect(valuesOfGradient(loss, x, { x: [1, 2, 3] })).toEqual([9, 17, 25]);
  });

  it('is one by the loss itself', () => {
    const loss = sum(x, [0]);
    expect(valuesOfGradient(loss, loss, { x: [1, 2, 3] })).toEqual([1]);
  });

  it('is zeros by a node that the loss does not use', () => {
    const unused = input('unused', [2, 2]);
    const [gradient] = gradients(sum(x, [0]), [unused]);
    expect(gradient!.shape).toEqual([2, 2]);
    expect(valuesOfGradient(sum(x, [0]), unused, { x: [1, 2, 3] })).toEqual([0, 0, 0, 0]);
  });

  it('takes nothing through stopGradient, and what flows beside it', () => {
    expect(valuesOfGradient(sum(stopGradient(exp(x)), [0]), x, { x: [1, 2, 3] })).toEqual([0, 0, 0]);
    expect(valuesOfGradient(sum(mul(stopGradient(x), x), [0]), x, { x: [1, 2, 3] })).toEqual([1, 2, 3]);
  });

  it('makes no node for what nobody asked the gradient by', () => {
    const weights = input('weights', [3]);
    const [gradient] = gradients(sum(mul(tanh(exp(weights)), x), [0]), [x]);
    expect(nodesOf([gradient!]).map(({ op }) => op)).not.toContain('sub');
  });

  it('refuses a loss of more than one value, or of integers', () => {
    expect(() => gradients(x, [x])).toThrow('only one float32 value');
    expect(() => gradients(input('n', [1], 'int32'), [x])).toThrow('only one float32 value');
  });

  describe('on a tie', () => {
    it('gives all to the first of two', () => {
      const [a, b] = [input('a', [1]), input('b', [1])];
      for (const chosen of [max(a, b), min(a, b)]) {
        expect(valuesOfGradient(chosen, a, { a: [2], b: [2] })).toEqual([1]);
        expect(valuesOfGradient(chosen, b, { a: [2], b: [2] })).toEqual([0]);
      }
    });

    it('shares between the largest of a reduction', () => {
      expect(valuesOfGradient(reduceMax(x, [0]), x, { x: [5, 1, 5] })).toEqual([0.5, 0, 0.5]);
    });

    it('gives all to the first largest voxel of a window', () => {
      const image = input('image', [1, 1, 4]);
      const pooled = maxPool(image, { kernel: [2], stride: [2] });
      const weights = constant([3, 4], [1, 1, 2]);
      expect(valuesOfGradient(sum(mul(pooled, weights), [0, 1, 2]), image, { image: [7, 7, 1, 2] })).toEqual([
        3, 0, 0, 4,
      ]);
    });
  });

  it('goes back along 20,000 nodes in linear time', () => {
    const y = input('y', [1]);
    let deep: Node = y;
    for (let i = 0; i < 10_000; i++) deep = add(sin(deep), y);
    let gradient: Node | undefined;
    const seconds = processorSeconds(() => {
      [gradient] = gradients(reshape(deep, [1]), [y]);
    });
    expect(seconds).toBeLessThan(2);

    const atZero = evaluate(makeGraph({ gradient: gradient! }), { y: [0] });
    expect(atZero['gradient']![0]).toBe(10_001);
  });
});
