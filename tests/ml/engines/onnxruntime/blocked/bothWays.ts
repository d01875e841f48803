import { expect } from 'vitest';
import { blockedLowering } from '../../../../../ml/engines/onnxruntime/blocked/blocked.ts';
import { blockOf } from '../../../../../ml/engines/onnxruntime/blocked/probe.ts';
import { openOnnxRuntime } from '../../../../../ml/engines/onnxruntime/engine.ts';
import { plainLowering } from '../../../../../ml/engines/onnxruntime/plain/plain.ts';
import { inputsOf, type Graph } from '../../../../../ml/graph/graph.ts';
import { sizeOf } from '../../../../../ml/graph/shape.ts';
import { stream } from '../../../../../ml/random/stream.ts';
import type { CompileOptions, Engine, Values } from '../../../../../ml/engines/engine.ts';

// Not the probe: where a lowering is wrong, that says so and the tests would have nothing to hold against the plain one.
const found = await blockOf(1).catch(() => 0);

/** Without blocks on this machine, blocked and plain are the same here and the comparisons say nothing. */
export const machineHasBlocks = found === 8 || found === 16;
export const block = machineHasBlocks ? found : 16;

const plain = await openOnnxRuntime({ device: 'cpu', threads: 1, lowering: plainLowering });
const blocked = machineHasBlocks
  ? await openOnnxRuntime({ device: 'cpu', threads: 1, lowering: blockedLowering(block) })
  : plain;

/** Normal values for every input; small whole numbers for int32. Names in `positive` get positive ones. */
export function valuesFor(graph: Graph, positive = /^square|^correction|Rate$|Decay$/): Record<string, Values> {
  return Object.fromEntries(
    [...inputsOf(graph)].map(([name, { type, shape }]): [string, Values] => {
      const rng = stream(1, name);
      const length = sizeOf(shape);
      if (type === 'int32') return [name, Int32Array.from({ length }, () => Math.floor(2 * rng.uniform()))];
      const draw = positive.test(name) ? () => 0.5 + 0.5 * rng.uniform() : () => rng.normal();
      return [name, Float32Array.from({ length }, draw)];
    }),
  );
}

async function results(engine: Engine, graph: Graph, options: CompileOptions, values: Record<string, Values>) {
  const program = await engine.compile(graph, options);
  const { state = {}, constants = {} } = options;
  program.setState(Object.fromEntries(Object.keys(state).map((name) => [name, values[name]!])));
  const feeds = Object.entries(values).filter(([name]) => !(name in state) && !(name in constants));
  const outputs = await program.run(Object.fromEntries(feeds));
  const read: Record<string, Values> = {};
  for (const [name, buffer] of Object.entries(outputs)) read[name] = (await buffer.read()).slice();
  for (const [name, kept] of Object.entries(await program.getState())) read[`state ${name}`] = kept.slice();
  await program.dispose();
  return read;
}

/** Holds the blocked lowering against the plain one: every output and every kept input, relative to its largest value. */
export async function expectBothWaysAlike(graph: Graph, options: CompileOptions = {}, values = valuesFor(graph)) {
  const [expected, actual] = [
    await results(plain, graph, options, values),
    await results(blocked, graph, options, values),
  ];
  expect(Object.keys(actual)).toEqual(Object.keys(expected));
  for (const [name, reference] of Object.entries(expected)) {
    const theirs = actual[name]!;
    expect(theirs.length, name).toBe(reference.length);
    let [largest, error] = [1e-6, 0];
    for (const [i, value] of reference.entries()) {
      largest = Math.max(largest, Math.abs(value));
      error = Math.max(error, Math.abs(value - theirs[i]!));
    }
    expect(error / largest, name).toBeLessThan(1e-4);
  }
}
