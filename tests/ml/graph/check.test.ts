import { describe, expect, it } from 'vitest';
import { checkGraph } from '../../../ml/graph/check.ts';
import { add, exp, neg } from '../../../ml/graph/elementwise.ts';
import { makeGraph } from '../../../ml/graph/graph.ts';
import { input } from '../../../ml/graph/sources.ts';
import { allOps, makeCase } from '../engines/support/cases.ts';
import type { Node } from '../../../ml/graph/ops.ts';

/** A node that says something else than its primitive computes. */
const forge = (node: Node, change: object): Node => Object.freeze({ ...node, ...change });

describe('checkGraph', () => {
  const x = input('x', [2, 3]);

  it.each(allOps)('accepts %s', (op) => {
    const { graph } = makeCase(op, 7);
    expect(checkGraph(graph)).toBe(graph);
  });

  it('names the first illegal node, not the ones that stand on it', () => {
    const wrong = forge(exp(x), { shape: [2, 4] });
    expect(() => checkGraph(makeGraph({ y: neg(neg(wrong)) }))).toThrow(
      'illegal node %1 = exp(%0) float32 [2, 4]: computes float32 [2, 3]',
    );
  });

  it('finds a wrong type', () => {
    expect(() => checkGraph(makeGraph({ y: forge(exp(x), { type: 'int32' }) }))).toThrow('computes float32 [2, 3]');
  });

  it('finds operands that do not fit', () => {
    const wrong = forge(add(x, x), { inputs: Object.freeze([x, input('y', [2, 2])]) });
    expect(() => checkGraph(makeGraph({ y: wrong }))).toThrow('operands differ along axis 1: 3 and 2');
  });

  it('finds operands that are missing or too many', () => {
    const missing = forge(add(x, x), { inputs: Object.freeze([x]) });
    expect(() => checkGraph(makeGraph({ y: missing }))).toThrow('takes 2 operands, not 1');
  });

  it('finds attributes that do not fit', () => {
    const { node } = makeCase('sum', 1);
    const wrong = forge(node, { attributes: { axes: [9] } });
    expect(() => checkGraph(makeGraph({ y: wrong }))).toThrow('axis 9 is not of');
  });

  it('finds a node that could still be changed', () => {
    expect(() => checkGraph(makeGraph({ y: { ...exp(x) } }))).toThrow('%1 = exp(%0) float32 [2, 3]: is not frozen');
    const thawed = forge(exp(x), { inputs: [x] });
    expect(() => checkGraph(makeGraph({ y: thawed }))).toThrow('is not frozen');
  });

  it('finds a second input of one name', () => {
    expect(() => checkGraph(makeGraph({ y: add(x, input('x', [2, 3])) }))).toThrow('a second input has the name x');
  });
});
