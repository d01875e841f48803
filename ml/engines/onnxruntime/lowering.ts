import { topological, type Graph } from '../../graph/graph.ts';
import { printNode, numberNodes } from '../../graph/print.ts';
import type { OnnxModel } from './onnx/model.ts';
import type { Shape } from '../../graph/ops.ts';
import type { CompileOptions } from '../engine.ts';

/** How the runtime stores a tensor that the graph calls `shape`: padded and permuted, never reduced. */
export interface Layout {
  readonly shape: Shape;
  /** From row-major values to stored ones. */
  pack(values: Float32Array): Float32Array;
  /** From stored values to row-major ones. */
  unpack(values: Float32Array): Float32Array;
}

export interface Lowered {
  /** What was lowered: its nodes' numbers stand in the names of the ONNX nodes. */
  readonly graph: Graph;
  readonly model: OnnxModel;
  /** Layouts of kept inputs by name; what is not here lies as the graph says. An output that replaces an input shares its layout. */
  readonly layouts: ReadonlyMap<string, Layout>;
  /** The runtime's own optimiser has nothing to find in it, which on thousands of nodes takes long. */
  readonly isTuned: boolean;
}

/** From the graph to one provider's way of saying it. */
export type Lowering = (graph: Graph, options: CompileOptions) => Lowered;

/** Printed nodes by the origin that their ONNX nodes carry in their names, `%12 conv`. */
export function originsOf(graph: Graph): ReadonlyMap<string, string> {
  const nodes = topological(graph);
  const numbers = numberNodes(nodes);
  return new Map(nodes.map((node) => [`%${numbers.get(node)} ${node.op}`, printNode(node, numbers)]));
}
