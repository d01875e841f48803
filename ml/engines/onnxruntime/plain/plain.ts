import { inputsOf, type Graph } from '../../../graph/graph.ts';
import { Emitter } from '../onnx/emitter.ts';
import { lowerAllPlain } from './lowering.ts';
import type { CompileOptions } from '../../engine.ts';
import type { Lowered } from '../lowering.ts';

/** Every operation as the standard says it, every tensor row-major. */
export function plainLowering(graph: Graph, { constants = {} }: CompileOptions): Lowered {
  const emitter = new Emitter();
  const inputs = [...inputsOf(graph).values()];
  for (const { attributes } of inputs) {
    const values = constants[attributes.name];
    if (values) emitter.weight(attributes.name, values, attributes.shape);
  }
  const names = lowerAllPlain(Object.values(graph.outputs), emitter);
  for (const [name, node] of Object.entries(graph.outputs)) emitter.alias(names.get(node)!, name);
  const model = emitter.finish(
    inputs.map(({ attributes }) => attributes).filter(({ name }) => !constants[name]),
    Object.entries(graph.outputs).map(([name, { type, shape }]) => ({ name, type, shape })),
  );
  return { graph, model, layouts: new Map(), isTuned: false };
}
