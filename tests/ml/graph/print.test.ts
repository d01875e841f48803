import { describe, expect, it } from 'vitest';
import { sum } from '../../../ml/graph/arrays.ts';
import { add, mul } from '../../../ml/graph/elementwise.ts';
import { makeGraph, topological } from '../../../ml/graph/graph.ts';
import { numberNodes, printGraph, printNode } from '../../../ml/graph/print.ts';
import { constant, input, iota } from '../../../ml/graph/sources.ts';
import { allOps, makeCase } from '../engines/support/cases.ts';

describe('printGraph', () => {
  it('writes one node a line, operands first, then the outputs by name', () => {
    const x = input('x', [2, 3]);
    const doubled = mul(x, 2);
    expect(printGraph(makeGraph({ total: sum(add(doubled, x), [0, 1]), doubled }))).toBe(
      [
        '%0 = input() x float32 [2, 3]',
        '%1 = constant() 2 float32 [1, 1]',
        '%2 = mul(%0, %1) float32 [2, 3]',
        '%3 = add(%2, %0) float32 [2, 3]',
        '%4 = sum(%3) {"axes":[0,1]} float32 [1, 1]',
        'total = %4',
        'doubled = %2',
      ].join('\n'),
    );
  });

  it('shortens long constants', () => {
    expect(printGraph(makeGraph({ y: iota(100) }))).toBe('%0 = constant() 0 1 2 3 4 5 6 7 ... int32 [100]\ny = %0');
    expect(printGraph(makeGraph({ y: constant([1, 2]) }))).toContain('constant() 1 2 float32 [2]');
  });

  it.each(allOps)('writes %s on one line that tells its operands, type and shape', (op) => {
    const { node, graph } = makeCase(op, 3);
    const line = printNode(node, numberNodes(topological(graph)));
    const operands = node.inputs.map((_, i) => `%${i}`).join(', ');
    expect(line).toContain(`= ${op}(${operands})`);
    expect(line.endsWith(` ${node.type} [${node.shape.join(', ')}]`)).toBe(true);
    expect(line).not.toContain('\n');
  });
});
