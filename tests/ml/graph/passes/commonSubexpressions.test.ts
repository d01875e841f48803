import { describe, expect, it } from 'vitest';
import { add, exp, max, mul, sub } from '../../../../ml/graph/elementwise.ts';
import { makeGraph, topological } from '../../../../ml/graph/graph.ts';
import { geometry } from '../../../../ml/graph/images.ts';
import { makeNode } from '../../../../ml/graph/node.ts';
import { commonSubexpressions } from '../../../../ml/graph/passes/commonSubexpressions.ts';
import { constant, input } from '../../../../ml/graph/sources.ts';
import type { Node } from '../../../../ml/graph/ops.ts';

const x = input('x', [2]);
const y = input('y', [2]);

/** Whether two nodes become one. */
function merges(a: Node, b: Node): boolean {
  const { outputs } = commonSubexpressions(makeGraph({ a, b }));
  return outputs['a'] === outputs['b'];
}

describe('commonSubexpressions', () => {
  it('merges equal trees that were written twice', () => {
    const twice = (): Node => exp(mul(add(x, y), 2));
    expect(merges(twice(), twice())).toBe(true);
    expect(topological(commonSubexpressions(makeGraph({ a: twice(), b: twice() })))).toHaveLength(6);
  });

  it('merges inputs of one name', () => {
    expect(merges(exp(input('x', [2])), exp(x))).toBe(true);
    expect(merges(exp(input('x', [2])), exp(y))).toBe(false);
  });

  it('knows which primitives take their operands in any order', () => {
    expect(merges(add(x, y), add(y, x))).toBe(true);
    expect(merges(mul(x, y), mul(y, x))).toBe(true);
    expect(merges(sub(x, y), sub(y, x))).toBe(false);
  });

  it('keeps the two orders of max apart: on a tie the gradient goes to the first', () => {
    expect(merges(max(x, y), max(y, x))).toBe(false);
  });

  it('compares attributes by what they say, in whatever order they were written', () => {
    const [image, weights] = [input('image', [1, 1, 5]), input('weights', [1, 1, 3])];
    const { stride, padding, dilation, groups } = geometry(1);
    const one = makeNode('conv', [image, weights], { stride, padding, dilation, groups });
    const other = makeNode('conv', [image, weights], { groups, dilation, padding, stride });
    expect(merges(one, other)).toBe(true);
    expect(merges(one, makeNode('conv', [image, weights], geometry(1, { dilation: 2 })))).toBe(false);
  });

  it('tells constants apart by type, by shape, by every value and by the sign of zero', () => {
    expect(merges(constant([1, 2]), constant([1, 2]))).toBe(true);
    expect(merges(constant([1, 2]), constant([1, 3]))).toBe(false);
    expect(merges(constant([1, 2]), constant([1, 2], [1, 2]))).toBe(false);
    expect(merges(constant([1, 2]), constant([1, 2], [2], 'int32'))).toBe(false);
    expect(merges(constant([0]), constant([-0]))).toBe(false);
    expect(merges(constant([NaN, 1]), constant([NaN, 1]))).toBe(true);
  });

  it('tells constants apart even where their hashes agree', () => {
    expect(merges(constant([2]), constant([-2.975830078125057]))).toBe(false);
  });
});
