import { invariant } from '../check/invariant.ts';
import type { Node, NodeOf } from './ops.ts';

/** Named results and, through their operands, everything that computes them. Frozen. */
export interface Graph {
  readonly outputs: Readonly<Record<string, Node>>;
}

export const makeGraph = (outputs: Readonly<Record<string, Node>>): Graph =>
  Object.freeze({ outputs: Object.freeze({ ...outputs }) });

/** Every node that `roots` need, each once, operands first. Iterative: a training graph is deep. */
export function nodesOf(roots: readonly Node[]): readonly Node[] {
  const order: Node[] = [];
  const state = new Map<Node, 'open' | 'done'>();
  const stack = [...roots].reverse();
  for (let node = stack.at(-1); node; node = stack.at(-1)) {
    if (state.get(node) === undefined) {
      state.set(node, 'open');
      for (const operand of [...node.inputs].reverse()) if (!state.has(operand)) stack.push(operand);
      continue;
    }
    if (state.get(node) === 'open') order.push(node);
    state.set(node, 'done');
    stack.pop();
  }
  return order;
}

/** Nodes of a graph, operands first. */
export const topological = (graph: Graph): readonly Node[] => nodesOf(Object.values(graph.outputs));

/** The inputs a graph needs at run time, by name. One name stands for one type and shape. */
export function inputsOf(graph: Graph): ReadonlyMap<string, NodeOf<'input'>> {
  const inputs = new Map<string, NodeOf<'input'>>();
  for (const node of topological(graph)) {
    if (node.op !== 'input') continue;
    const { name } = node.attributes;
    invariant(!inputs.has(name), `two inputs are called ${name}`);
    inputs.set(name, node);
  }
  return inputs;
}

/** Rebuilds a graph bottom-up: `rewrite` gets each node and its rewritten operands. */
export function rewriteGraph(graph: Graph, rewrite: (node: Node, operands: readonly Node[]) => Node): Graph {
  const done = new Map<Node, Node>();
  for (const node of topological(graph))
    done.set(
      node,
      rewrite(
        node,
        node.inputs.map((operand) => done.get(operand)!),
      ),
    );
  return makeGraph(Object.fromEntries(Object.entries(graph.outputs).map(([name, node]) => [name, done.get(node)!])));
}
