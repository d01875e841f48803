import { describe, expect, it } from 'vitest';
import { checkGraph } from '../../../ml/graph/check.ts';
import { add, exp, mul, square } from '../../../ml/graph/elementwise.ts';
import { inputsOf, makeGraph, nodesOf, topological } from '../../../ml/graph/graph.ts';
import { input } from '../../../ml/graph/sources.ts';
import { printGraph } from '../../../ml/graph/print.ts';
import { evaluate } from '../../../ml/engines/reference/evaluate.ts';
import { processorSeconds } from '../engines/support/processorSeconds.ts';
import type { Node } from '../../../ml/graph/ops.ts';

describe('nodesOf', () => {
  it('lists each node once, after its operands', () => {
    const x = input('x', [2]);
    const shared = exp(x);
    const order = nodesOf([mul(add(shared, x), shared), square(shared)]);
    expect(new Set(order).size).toBe(order.length);
    for (const [i, node] of order.entries())
      for (const operand of node.inputs) expect(order.indexOf(operand)).toBeLessThan(i);
  });

  it('knows only what an output needs: dead code is not in a graph', () => {
    const x = input('x', [2]);
    const dead = exp(x);
    const graph = makeGraph({ y: mul(x, 2) });
    expect(topological(graph)).not.toContain(dead);
    expect(topological(graph)).toHaveLength(3);
  });

  it('visits a ladder of 40 shared rungs once, not 2^40 times', () => {
    let x: Node = input('x', [1]);
    for (let rung = 0; rung < 40; rung++) x = add(x, x);
    expect(nodesOf([x])).toHaveLength(41);
  });
});

describe('inputsOf', () => {
  it('finds inputs by name', () => {
    const [x, y] = [input('x', [2]), input('y', [2])];
    expect(inputsOf(makeGraph({ z: add(x, y) }))).toEqual(
      new Map([
        ['x', x],
        ['y', y],
      ]),
    );
  });

  it('refuses one name for two inputs', () => {
    expect(() => inputsOf(makeGraph({ z: add(input('x', [2]), input('x', [1])) }))).toThrow('two inputs are called x');
  });
});

describe('a chain of 20,000 nodes', () => {
  let x: Node = input('x', [1]);
  for (let i = 0; i < 20_000; i++) x = i % 2 ? mul(x, x) : add(x, x);
  const graph = makeGraph({ x });

  it('is walked, checked, printed and computed without a deep stack, in linear time', () => {
    for (const walk of [topological, checkGraph, printGraph, (deep: typeof graph) => evaluate(deep, { x: [0] })])
      expect(processorSeconds(() => walk(graph))).toBeLessThan(2);
  });
});
