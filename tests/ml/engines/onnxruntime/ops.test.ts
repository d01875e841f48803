import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../../ml/engines/reference/evaluate.ts';
import { openOnnxRuntime } from '../../../../ml/engines/onnxruntime/engine.ts';
import { plainLowering } from '../../../../ml/engines/onnxruntime/plain/plain.ts';
import { inputsOf, type Graph } from '../../../../ml/graph/graph.ts';
import { allOps, makeCase, seeds } from '../support/cases.ts';
import { randomGraph } from '../support/randomGraph.ts';
import { gradients } from '../../../../ml/autodiff/gradients.ts';
import { makeGraph } from '../../../../ml/graph/graph.ts';
import { sum } from '../../../../ml/graph/arrays.ts';
import { mul } from '../../../../ml/graph/elementwise.ts';
import { constant } from '../../../../ml/graph/sources.ts';
import { sizeOf } from '../../../../ml/graph/shape.ts';
import type { Node } from '../../../../ml/graph/ops.ts';
import type { Engine, Values } from '../../../../ml/engines/engine.ts';
import type { Feeds } from '../../../../ml/engines/reference/evaluate.ts';

const engine = await openOnnxRuntime({ device: 'cpu', threads: 1, lowering: plainLowering });

function valuesFor(graph: Graph, feeds: Feeds): Record<string, Values> {
  const make = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;
  return Object.fromEntries(
    [...inputsOf(graph)].map(([name, { type }]) => [name, make[type].from(Array.from(feeds[name]!))]),
  );
}

/** Holds the engine against the reference, relative to the largest value of each output. */
async function expectAgreement(runner: Engine, graph: Graph, feeds: Feeds, tolerance: number): Promise<void> {
  const expected = evaluate(graph, feeds);
  const program = await runner.compile(graph);
  const outputs = await program.run(valuesFor(graph, feeds));
  for (const [name, buffer] of Object.entries(outputs)) {
    const values = await buffer.read();
    const reference = expected[name]!;
    expect(buffer.shape).toEqual(graph.outputs[name]!.shape);
    expect(values.length).toBe(reference.length);
    const largest = reference.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6);
    const error = reference.reduce((most, value, i) => Math.max(most, Math.abs(value - values[i]!)), 0);
    expect(error / largest).toBeLessThan(tolerance);
  }
  await program.dispose();
}

/** Weights that differ, so that no gradient cancels (a sum of softmax is constant). */
function weightedSum(node: Node): Node {
  const weights = Array.from({ length: sizeOf(node.shape) }, (_, i) => Math.fround(Math.cos(i)));
  return sum(mul(node, constant(weights, node.shape)), [...node.shape.keys()]);
}

describe('ONNX Runtime with the plain lowering', () => {
  it.each(allOps)('%s agrees with the reference', async (op) => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const { graph, feeds } = makeCase(op, seed);
        await expectAgreement(engine, graph, feeds, 1e-4);
      }),
      { numRuns: 12 },
    );
  });

  it.each(allOps)('the gradient of %s agrees with the reference', async (op) => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const { node, graph, feeds } = makeCase(op, seed);
        if (node.type !== 'float32') return;
        const floats = [...inputsOf(graph).values()].filter(({ type }) => type === 'float32');
        const slopes = gradients(weightedSum(node), floats);
        const named = Object.fromEntries(slopes.map((slope, i) => [`gradient${i}`, slope]));
        if (slopes.length > 0) await expectAgreement(engine, makeGraph(named), feeds, 1e-4);
      }),
      { numRuns: 12 },
    );
  });

  it('agrees with the reference on whole random graphs', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const { graph, feeds } = randomGraph(seed);
        await expectAgreement(engine, graph, feeds, 1e-3);
      }),
      // A fixed draw: a random graph may cancel to nothing, and float32 with it.
      { numRuns: 40, seed: 1 },
    );
  });
});
