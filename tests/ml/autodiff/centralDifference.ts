import { expect } from 'vitest';
import { gradients } from '../../../ml/autodiff/gradients.ts';
import { evaluate, type Feeds } from '../../../ml/engines/reference/evaluate.ts';
import { inputsOf, makeGraph } from '../../../ml/graph/graph.ts';
import { stream } from '../../../ml/random/stream.ts';
import type { Node } from '../../../ml/graph/ops.ts';

/** Exact in binary. The error of the difference is the third derivative times its square, and rounding over it: 1e-10 and 1e-11. */
const STEP = 2 ** -16;

/** The float32 inputs of a loss. */
export const variablesOf = (loss: Node): readonly Node[] =>
  [...inputsOf(makeGraph({ loss })).values()].filter(({ type }) => type === 'float32');

/**
 * Holds the gradient of a loss by each of its inputs against the central difference along a random direction, to 1e-7 of the size of
 * the terms that are summed.
 */
export function expectGradientsToMatch(loss: Node, feeds: Feeds, seed: number): void {
  const rng = stream(seed, 'directions');
  const variables = variablesOf(loss);
  const found = gradients(loss, variables);
  const values = evaluate(makeGraph(Object.fromEntries(found.map((gradient, i) => [i, gradient]))), feeds);
  const lossAt = (at: Feeds): number => evaluate(makeGraph({ loss }), at)['loss']![0]!;
  const size = Math.abs(lossAt(feeds));

  for (const [i, variable] of variables.entries()) {
    if (variable.op !== 'input') throw new Error('only inputs are varied');
    const { name } = variable.attributes;
    const point = Array.from(feeds[name]!);
    const direction = point.map(() => rng.uniform() * 2 - 1);
    const moved = (by: number): Feeds => ({ ...feeds, [name]: point.map((x, k) => x + by * direction[k]!) });
    const difference = (lossAt(moved(STEP)) - lossAt(moved(-STEP))) / (2 * STEP);
    const terms = direction.map((d, k) => d * values[i]![k]!);
    const tolerance = 1e-7 * terms.reduce((sum, term) => sum + Math.abs(term), 0) + 1e-9 * (1 + size);
    const sum = terms.reduce((total, term) => total + term, 0);
    expect(Math.abs(sum - difference), `by ${name}: ${sum} and ${difference}`).toBeLessThan(tolerance);
  }
}
