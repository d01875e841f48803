import { describe, expect, it } from 'vitest';
import { evaluate, type Feeds } from '../../../ml/engines/reference/evaluate.ts';
import { add, equal, gelu, meanOf, select, sub } from '../../../ml/graph/elementwise.ts';
import { makeGraph } from '../../../ml/graph/graph.ts';
import { convTranspose, geometry } from '../../../ml/graph/images.ts';
import { constant, input, splat } from '../../../ml/graph/sources.ts';
import type { Node } from '../../../ml/graph/ops.ts';

const valuesOf = (node: Node, feeds: Feeds): readonly number[] => [...evaluate(makeGraph({ node }), feeds)['node']!];

describe('elementwise building blocks', () => {
  const x = input('x', [2, 3]);
  const row = input('row', [3]);
  const feeds = { x: [1, 2, 3, 4, 5, 6], row: [10, 20, 30] };

  it('align operands of unequal rank at the last axis', () => {
    expect(valuesOf(add(row, x), feeds)).toEqual([11, 22, 33, 14, 25, 36]);
    expect(valuesOf(sub(1, x), feeds)).toEqual([0, -1, -2, -3, -4, -5]);
  });

  it('give a number the type of the other operand', () => {
    const labels = input('labels', [3], 'int32');
    expect(valuesOf(equal(labels, 2), { labels: [1, 2, 3] })).toEqual([0, 1, 0]);
  });

  it('select aligns its condition too', () => {
    const holds = input('holds', [3], 'bool');
    const node = select(holds, x, 0);
    expect(valuesOf(node, { ...feeds, holds: [1, 0, 1] })).toEqual([1, 0, 3, 4, 0, 6]);
  });

  // Source: Python's x / 2 * math.erfc(-x / math.sqrt(2)).
  it('gelu is x times the normal distribution at x', () => {
    const found = valuesOf(gelu(row), { row: [-1, 0, 2] });
    for (const [i, value] of [-0.15865525393145707, 0, 1.9544997361036416].entries())
      expect(found[i]).toBeCloseTo(value, 14);
  });

  it('meanOf averages everything and keeps the axes', () => {
    expect(meanOf(x).shape).toEqual([1, 1]);
    expect(valuesOf(meanOf(x), feeds)[0]).toBeCloseTo(3.5, 14);
  });
});

describe('constant', () => {
  it('holds one value throughout as one value', () => {
    expect(constant([3, 3, 3])).toMatchObject({ shape: [3], attributes: { data: [3] } });
    expect(splat(constant([3, 3, 3]))).toBe(3);
    expect(splat(constant([3, 4, 3]))).toBeUndefined();
  });

  it('keeps 0 and -0 apart', () => {
    expect(splat(constant([0, -0]))).toBeUndefined();
  });
});

describe('convTranspose', () => {
  it('spreads each value over the taps of its kernel', () => {
    const [x, w] = [input('x', [1, 1, 2]), input('w', [1, 1, 3])];
    const node = convTranspose(x, w, [5], geometry(1, { stride: 2 }));
    expect(valuesOf(node, { x: [1, 10], w: [1, 2, 3] })).toEqual([1, 2, 13, 20, 30]);
  });
});
