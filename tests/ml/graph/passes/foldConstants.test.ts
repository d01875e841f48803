import { describe, expect, it } from 'vitest';
import { broadcastTo, sum } from '../../../../ml/graph/arrays.ts';
import { add, exp, less, mul } from '../../../../ml/graph/elementwise.ts';
import { makeGraph } from '../../../../ml/graph/graph.ts';
import { makeNode } from '../../../../ml/graph/node.ts';
import { foldConstants } from '../../../../ml/graph/passes/foldConstants.ts';
import { constant, input, iota } from '../../../../ml/graph/sources.ts';
import type { Node } from '../../../../ml/graph/ops.ts';

const folded = (node: Node): Node => foldConstants(makeGraph({ node })).outputs['node']!;

describe('foldConstants', () => {
  it('computes what depends on constants only, through many steps', () => {
    const node = folded(mul(add(constant([1, 2, 3]), 4), constant([2, 2, 3])));
    expect(node).toMatchObject({ op: 'constant', type: 'float32', shape: [3], attributes: { data: [10, 12, 21] } });
  });

  it('keeps the type', () => {
    expect(folded(less(iota(3), constant([1], [1], 'int32')))).toMatchObject({
      op: 'constant',
      type: 'bool',
      attributes: { data: [1, 0, 0] },
    });
  });

  it('leaves what depends on an input', () => {
    const x = input('x', [3]);
    const node = add(x, constant([1, 2, 3]));
    expect(folded(node)).toBe(node);
    expect(folded(x)).toBe(x);
  });

  it('does not carry large results in the model', () => {
    const large = exp(iotaOfReals(4097));
    expect(folded(large)).toBe(large);
    expect(folded(exp(iotaOfReals(4096))).op).toBe('constant');
    const repeated = broadcastTo(constant([1, 2], [1, 2]), [3, 2]);
    expect(folded(repeated)).toBe(repeated);
  });

  it('folds one value throughout at any size, as one value', () => {
    const shape = [64, 64, 64];
    const one = constant([1], shape);
    expect(folded(exp(one))).toMatchObject({ shape, attributes: { data: [Math.E] } });
    expect(folded(add(one, 2))).toMatchObject({ shape, attributes: { data: [3] } });
    expect(folded(sum(one, [0, 2]))).toMatchObject({ shape: [1, 64, 1], attributes: { data: [4096] } });
    expect(folded(broadcastTo(constant([7], [1, 1, 1]), shape))).toMatchObject({ shape, attributes: { data: [7] } });
    expect(folded(makeNode('reshape', [one], { shape: [64 ** 3] }))).toMatchObject({ attributes: { data: [1] } });
  });
});

function iotaOfReals(size: number): Node {
  return constant(Array.from({ length: size }, (_, i) => i / size));
}
