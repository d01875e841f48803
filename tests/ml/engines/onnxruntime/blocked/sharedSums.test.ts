import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../../../ml/engines/reference/evaluate.ts';
import { sharedSums } from '../../../../../ml/engines/onnxruntime/blocked/sharedSums.ts';
import { sum } from '../../../../../ml/graph/arrays.ts';
import { checkGraph } from '../../../../../ml/graph/check.ts';
import { add, mul, neg, sub } from '../../../../../ml/graph/elementwise.ts';
import { makeGraph, topological, type Graph } from '../../../../../ml/graph/graph.ts';
import { input } from '../../../../../ml/graph/sources.ts';
import { sizeOf } from '../../../../../ml/graph/shape.ts';

const shape = [2, 3, 4, 5];
const [x, y] = [input('x', shape), input('y', shape)];
const [p, q] = [input('p', [2, 3, 1, 1]), input('q', [1, 3, 1, 1])];

const feeds = Object.fromEntries(
  [x, y, p, q].map(({ attributes }) => [
    attributes.name,
    Float64Array.from({ length: sizeOf(attributes.shape) }, (_, i) => Math.sin(i + attributes.name.length)),
  ]),
);

/** Sums over images of whole size. */
const passes = (graph: Graph): number =>
  topological(graph).filter(({ op, inputs: [operand] }) => op === 'sum' && operand!.shape[2]! > 1).length;

function expectSame(before: Graph, after: Graph): void {
  const [expected, actual] = [evaluate(before, feeds), evaluate(checkGraph(after), feeds)];
  for (const [name, values] of Object.entries(expected))
    for (const [i, value] of values.entries()) expect(actual[name]![i]).toBeCloseTo(value, 9);
}

describe('sharedSums', () => {
  it('takes the sum of a linear combination from the sums of its images', () => {
    const combination = sub(add(mul(x, p), mul(q, neg(y))), add(x, p));
    const graph = makeGraph({ x: sum(x, [2, 3]), y: sum(y, [0, 2, 3]), both: sum(combination, [0, 2, 3]) });
    const shared = sharedSums(graph);
    expect([passes(graph), passes(shared)]).toEqual([3, 2]);
    expectSame(graph, shared);
  });

  it('takes a sum itself where an image of it is summed nowhere else', () => {
    const graph = makeGraph({ x: sum(x, [2, 3]), both: sum(add(mul(x, p), y), [2, 3]) });
    const shared = sharedSums(graph);
    expect(passes(shared)).toBe(2);
    expectSame(graph, shared);
  });

  it('takes one sum by channel for all sums over more', () => {
    const graph = makeGraph({ channel: sum(x, [0, 2, 3]), all: sum(x, [0, 1, 2, 3]), each: sum(x, [2, 3]) });
    const shared = sharedSums(graph);
    expect(passes(shared)).toBe(1);
    expectSame(graph, shared);
  });

  it('leaves sums over other axes alone', () => {
    const graph = makeGraph({ rows: sum(x, [3]), channels: sum(x, [1]) });
    const shared = sharedSums(graph);
    expect(shared.outputs).toEqual(graph.outputs);
  });
});
