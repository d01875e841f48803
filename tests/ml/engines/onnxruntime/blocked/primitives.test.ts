import fc from 'fast-check';
import { describe, it } from 'vitest';
import { inputsOf, type Graph } from '../../../../../ml/graph/graph.ts';
import { allOps, makeCase, seeds } from '../../support/cases.ts';
import { randomGraph } from '../../support/randomGraph.ts';
import { expectBothWaysAlike } from './bothWays.ts';
import type { Values } from '../../../../../ml/engines/engine.ts';

function valuesOf(graph: Graph, feeds: Readonly<Record<string, ArrayLike<number>>>): Record<string, Values> {
  const make = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;
  return Object.fromEntries(
    [...inputsOf(graph)].map(([name, { type }]) => [name, make[type].from(Array.from(feeds[name]!))]),
  );
}

describe('the blocked lowering', () => {
  it.each(allOps)('agrees with the plain one on %s, of any shape', async (op) => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const { graph, feeds } = makeCase(op, seed);
        await expectBothWaysAlike(graph, {}, valuesOf(graph, feeds));
      }),
      { numRuns: op.startsWith('conv') ? 20 : 4 },
    );
  });

  it('agrees with the plain one on random graphs', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const { graph, feeds } = randomGraph(seed);
        await expectBothWaysAlike(graph, {}, valuesOf(graph, feeds));
      }),
      { numRuns: 20, seed: 1 },
    );
  });
});
