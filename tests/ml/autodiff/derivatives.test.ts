import fc from 'fast-check';
import { describe, it } from 'vitest';
import { gradients } from '../../../ml/autodiff/gradients.ts';
import { sum } from '../../../ml/graph/arrays.ts';
import { add, mul, square } from '../../../ml/graph/elementwise.ts';
import { checkGraph } from '../../../ml/graph/check.ts';
import { makeGraph } from '../../../ml/graph/graph.ts';
import { makeNode } from '../../../ml/graph/node.ts';
import { constant, zeros } from '../../../ml/graph/sources.ts';
import { sizeOf } from '../../../ml/graph/shape.ts';
import { stream } from '../../../ml/random/stream.ts';
import { allOps, makeCase, seeds } from '../engines/support/cases.ts';
import { expectGradientsToMatch, variablesOf } from './centralDifference.ts';
import type { Node, OpKind } from '../../../ml/graph/ops.ts';

const sumOf = (x: Node): Node => sum(x, [...x.shape.keys()]);

function randomLike(x: Node, seed: number, purpose: string): Node {
  const rng = stream(seed, purpose);
  const values = Array.from({ length: sizeOf(x.shape) }, () => rng.uniform() * 2 - 1);
  return constant(values, x.shape);
}

/** The sum over values of weight * value^2, so that the loss bends even where the primitive is linear. */
function lossOf(result: Node, seed: number): Node {
  const values = result.type === 'float32' ? result : makeNode('cast', [result], { to: 'float32' });
  const loss = sumOf(mul(randomLike(values, seed, 'weights'), square(values)));
  return makeNode('reshape', [loss], { shape: [1] });
}

/** Gradients along random directions, summed: differentiating it is differentiating twice. */
function lossOfGradients(loss: Node, seed: number): Node {
  return gradients(loss, variablesOf(loss))
    .map((gradient, i) => sumOf(mul(gradient, randomLike(gradient, seed, `direction ${i}`))))
    .map((part) => makeNode('reshape', [part], { shape: [1] }))
    .reduce((total, part) => add(total, part), zeros([1]));
}

/** Its derivative is not that of its values: see the tests of gradients. */
const blocked: ReadonlySet<OpKind> = new Set(['stopGradient']);
const differentiable = allOps.filter((op) => !blocked.has(op));

describe.each(differentiable)('the derivative of %s', (op) => {
  it('agrees with central differences', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { node, feeds } = makeCase(op, seed);
        expectGradientsToMatch(lossOf(node, seed), feeds, seed);
      }),
      { numRuns: 30 },
    );
  });

  it('can be differentiated again', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { node, feeds } = makeCase(op, seed);
        expectGradientsToMatch(lossOfGradients(lossOf(node, seed), seed), feeds, seed);
      }),
      { numRuns: 15 },
    );
  });

  it('is a legal graph', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const loss = lossOf(makeCase(op, seed).node, seed);
        checkGraph(makeGraph(Object.fromEntries(gradients(loss, variablesOf(loss)).map((g, i) => [i, g]))));
      }),
      { numRuns: 10 },
    );
  });
});
