import { expect } from 'vitest';
import { gradients } from '../../../../ml/autodiff/gradients.ts';
import { evaluate, type Feeds } from '../../../../ml/engines/reference/evaluate.ts';
import { sum } from '../../../../ml/graph/arrays.ts';
import { mul } from '../../../../ml/graph/elementwise.ts';
import { inputsOf, makeGraph, type Graph } from '../../../../ml/graph/graph.ts';
import { sizeOf } from '../../../../ml/graph/shape.ts';
import { constant } from '../../../../ml/graph/sources.ts';
import { makeCase } from './cases.ts';
import type { Node, OpKind } from '../../../../ml/graph/ops.ts';
import type { Engine, Values } from '../../../../ml/engines/engine.ts';

function valuesFor(graph: Graph, feeds: Feeds): Record<string, Values> {
  const make = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;
  return Object.fromEntries(
    [...inputsOf(graph)].map(([name, { type }]) => [name, make[type].from(Array.from(feeds[name]!))]),
  );
}

/** Holds the engine against the reference, relative to the largest value of each output. */
export async function expectAgreement(engine: Engine, graph: Graph, feeds: Feeds, tolerance: number): Promise<void> {
  const expected = evaluate(graph, feeds);
  const program = await engine.compile(graph);
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

/** Holds one primitive against the reference, on inputs drawn from the seed. */
export async function expectOpAgreement(engine: Engine, op: OpKind, seed: number, tolerance = 1e-4): Promise<void> {
  const { graph, feeds } = makeCase(op, seed);
  await expectAgreement(engine, graph, feeds, tolerance);
}

/** The same for its derivative by every input that has one. */
export async function expectGradientAgreement(
  engine: Engine,
  op: OpKind,
  seed: number,
  tolerance = 1e-4,
): Promise<void> {
  const { node, graph, feeds } = makeCase(op, seed);
  if (node.type !== 'float32') return;
  const floats = [...inputsOf(graph).values()].filter(({ type }) => type === 'float32');
  const slopes = gradients(weightedSum(node), floats);
  const named = Object.fromEntries(slopes.map((slope, i) => [`gradient${i}`, slope]));
  if (slopes.length > 0) await expectAgreement(engine, makeGraph(named), feeds, tolerance);
}

/** Weights that differ, so that no gradient cancels (a sum of softmax is constant). */
function weightedSum(node: Node): Node {
  const weights = Array.from({ length: sizeOf(node.shape) }, (_, i) => Math.fround(Math.cos(i)));
  return sum(mul(node, constant(weights, node.shape)), [...node.shape.keys()]);
}
