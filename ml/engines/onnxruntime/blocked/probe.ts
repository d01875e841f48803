import { gradients } from '../../../autodiff/gradients.ts';
import { sum } from '../../../graph/arrays.ts';
import { add, mul, swish } from '../../../graph/elementwise.ts';
import { inputsOf, makeGraph, type Graph } from '../../../graph/graph.ts';
import { conv, geometry } from '../../../graph/images.ts';
import { sizeOf } from '../../../graph/shape.ts';
import { input } from '../../../graph/sources.ts';
import { Emitter } from '../onnx/emitter.ts';
import { encodeModel } from '../onnx/model.ts';
import { plainLowering } from '../plain/plain.ts';
import { RuntimeProgram } from '../program.ts';
import { Session, tensorOf, valuesOf } from '../session.ts';
import { blockedLowering } from './blocked.ts';
import type { Lowering } from '../lowering.ts';

/** Channels that the CPU's kernels work on at once, or why the blocked kernels cannot be used. */
export type Probe = { readonly block: number } | { readonly fault: string };

/**
 * Asks this build of ONNX Runtime on this CPU for its block, and holds a small network with its gradients against the plain lowering:
 * the kernels are internal to the runtime and may change with its version.
 */
export async function probeBlocks(threads: number): Promise<Probe> {
  try {
    const block = await blockOf(threads);
    if (block !== 8 && block !== 16) return { fault: 'this CPU has no blocked kernels' };
    const error = await disagreement(blockedLowering(block), threads);
    return error < 1e-4 ? { block } : { fault: `blocked kernels are off by ${error}` };
  } catch (error) {
    return { fault: error instanceof Error ? error.message.split('\n')[0]! : String(error) };
  }
}

/** Channels that the kernels of this CPU put in a block, seen from where they put the second pixel of 16 channels. */
export async function blockOf(threads: number): Promise<number> {
  const emitter = new Emitter();
  const shape = [1, 16, 1, 2];
  emitter.alias(emitter.emit('ReorderInput', ['x'], {}, { domain: 'com.microsoft.nchwc' }), 'y');
  const model = emitter.finish([{ name: 'x', type: 'float32', shape }], [{ name: 'y', type: 'float32', shape }]);
  const session = await Session.load(encodeModel(model), { device: 'cpu', threads }, new Map());
  const secondPixel = Float32Array.from({ length: 32 }, (_, i) => i % 2);
  const { y } = await session.run({ x: tensorOf('float32', secondPixel, shape) }, { y: null });
  const ordered = await valuesOf(y!);
  await session.release();
  return ordered.indexOf(1);
}

async function disagreement(lowering: Lowering, threads: number): Promise<number> {
  const graph = smallNetwork();
  const [blocked, plain] = [await resultOf(graph, lowering, threads), await resultOf(graph, plainLowering, threads)];
  const largest = plain.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const worst = plain.reduce((most, value, i) => Math.max(most, Math.abs(value - blocked[i]!)), 0);
  return Number.isNaN(worst) ? Infinity : worst / largest;
}

/** Two convolutions, one with a stride, with biases, an activation, a residual and the gradient of the first filter. */
function smallNetwork(): Graph {
  const [x, first, second] = [input('x', [2, 3, 6, 8]), input('first', [24, 3, 3, 3]), input('second', [24, 24, 3, 3])];
  const h = swish(add(conv(x, first, geometry(2, { padding: 1 })), input('bias', [1, 24, 1, 1])));
  const y = add(conv(h, second, geometry(2, { padding: 1 })), h);
  const z = conv(y, second, geometry(2, { padding: 1, stride: 2 }));
  const loss = sum(mul(z, z), [0, 1, 2, 3]);
  return makeGraph({ slope: gradients(loss, [first])[0]! });
}

async function resultOf(graph: Graph, lowering: Lowering, threads: number): Promise<Float32Array> {
  const { model, layouts, isTuned } = lowering(graph, {});
  const session = await Session.load(encodeModel(model), { device: 'cpu', threads, isTuned }, new Map());
  const program = new RuntimeProgram(graph, session, layouts, {});
  const feeds = [...inputsOf(graph)].map(([name, { shape }]) => {
    const values = Float32Array.from({ length: sizeOf(shape) }, (_, i) => Math.cos(i * i + name.length));
    return [name, values] as const;
  });
  const { slope } = await program.run(Object.fromEntries(feeds));
  const values = await slope!.read();
  await program.dispose();
  return Float32Array.from(values);
}
