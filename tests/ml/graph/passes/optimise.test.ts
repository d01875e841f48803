import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gradients } from '../../../../ml/autodiff/gradients.ts';
import { evaluate, type Feeds } from '../../../../ml/engines/reference/evaluate.ts';
import { sum } from '../../../../ml/graph/arrays.ts';
import { add, exp, mul, neg, sin } from '../../../../ml/graph/elementwise.ts';
import { checkGraph } from '../../../../ml/graph/check.ts';
import { makeGraph, topological, type Graph } from '../../../../ml/graph/graph.ts';
import { commonSubexpressions } from '../../../../ml/graph/passes/commonSubexpressions.ts';
import { foldConstants } from '../../../../ml/graph/passes/foldConstants.ts';
import { optimise } from '../../../../ml/graph/passes/optimise.ts';
import { simplify } from '../../../../ml/graph/passes/simplify.ts';
import { input } from '../../../../ml/graph/sources.ts';
import { allOps, makeCase, seeds } from '../../engines/support/cases.ts';
import { processorSeconds } from '../../engines/support/processorSeconds.ts';
import { randomGraph } from '../../engines/support/randomGraph.ts';
import type { Node } from '../../../../ml/graph/ops.ts';

const passes: readonly (readonly [string, (graph: Graph) => Graph])[] = [
  ['commonSubexpressions', commonSubexpressions],
  ['foldConstants', foldConstants],
  ['simplify', simplify],
  ['optimise', optimise],
];

/** Nodes that compute: inputs and constants cost nothing. */
const operationsOf = (graph: Graph): number =>
  topological(graph).filter(({ op }) => op !== 'input' && op !== 'constant').length;

function expectSameValues(found: Graph, expected: Graph, feeds: Feeds): void {
  const [left, right] = [evaluate(found, feeds), evaluate(expected, feeds)];
  expect(Object.keys(left)).toEqual(Object.keys(right));
  for (const [name, values] of Object.entries(right)) {
    const size = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1);
    for (const [i, value] of values.entries())
      expect(Math.abs(left[name]![i]! - value), `${name} at ${i}`).toBeLessThan(1e-11 * size);
  }
}

describe.each(passes)('%s', (_, pass) => {
  it('changes no value, no type and no shape', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { graph, feeds } = randomGraph(seed);
        const found = checkGraph(pass(graph));
        for (const [output, { type, shape }] of Object.entries(graph.outputs))
          expect(found.outputs[output]).toMatchObject({ type, shape });
        expectSameValues(found, graph, feeds);
      }),
      { numRuns: 150 },
    );
  });

  it('never makes a graph larger', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { graph } = randomGraph(seed);
        expect(operationsOf(pass(graph))).toBeLessThanOrEqual(operationsOf(graph));
      }),
      { numRuns: 150 },
    );
  });

  it.each(allOps)('leaves %s on inputs computing the same', (op) => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { graph, feeds } = makeCase(op, seed);
        expectSameValues(checkGraph(pass(graph)), graph, feeds);
      }),
      { numRuns: 15 },
    );
  });
});

// What simplify spares shows it more to spare: optimise runs it to the end.
describe.each(passes.filter(([name]) => name !== 'simplify'))('%s', (_, pass) => {
  it('has nothing left to do the second time', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const once = pass(randomGraph(seed).graph);
        const twice = pass(once);
        for (const [output, node] of Object.entries(once.outputs)) expect(twice.outputs[output] === node).toBe(true);
      }),
      { numRuns: 150 },
    );
  });
});

describe('optimise', () => {
  it('can be followed by differentiation: gradients of the optimised graph are those of the graph', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { graph, inputs, feeds } = randomGraph(seed);
        const gradientsOf = ({ outputs }: Graph): Graph => {
          const byInputs = gradients(sum(outputs['result']!, [0, 1, 2]), inputs);
          return makeGraph(Object.fromEntries(byInputs.map((gradient, i) => [`by${i}`, gradient])));
        };
        expectSameValues(gradientsOf(optimise(graph)), gradientsOf(graph), feeds);
      }),
      { numRuns: 100 },
    );
  });

  it('drops what only a removed operation needed', () => {
    const x = input('x', [2]);
    const costly = exp(sin(x));
    const found = optimise(makeGraph({ y: add(x, mul(costly, 0)) }));
    expect(found.outputs['y']).toBe(x);
    expect(topological(found)).toEqual([x]);
  });

  it('keeps what engines lower as a whole', () => {
    for (const op of [
      'swish',
      'swishGradient',
      'conv',
      'convInputGradient',
      'convWeightGradient',
      'softmax',
    ] as const) {
      const { graph } = makeCase(op, 5);
      expect(optimise(graph).outputs['result']).toBe(graph.outputs['result']);
    }
  });

  it('takes a chain of 20,000 nodes and its gradient in linear time', () => {
    const x = input('x', [1]);
    let deep: Node = x;
    for (let i = 0; i < 5_000; i++) deep = neg(mul(add(sin(deep), 0), -2));
    const graph = makeGraph({ deep, by: gradients(deep, [x])[0]! });
    let found = graph;
    expect(processorSeconds(() => (found = optimise(graph)))).toBeLessThan(6);
    expect(operationsOf(found)).toBeLessThan(0.63 * operationsOf(graph));
  });
});
