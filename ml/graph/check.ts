import { topological, type Graph } from './graph.ts';
import { inferType } from './node.ts';
import { printNode, numberNodes } from './print.ts';
import { sameShape } from './shape.ts';
import type { Node } from './ops.ts';

/**
 * Holds every node against the grammar: operands and attributes fit the primitive, the stated type is the inferred one, inputs have
 * names of their own. Run after each pass, so that a malformed graph dies where it was made.
 *
 * @throws Error that prints the first illegal node.
 */
export function checkGraph(graph: Graph): Graph {
  const nodes = topological(graph);
  const names = new Set<string>();
  for (const node of nodes) {
    const fault = faultOf(node, names);
    if (fault) throw new Error(`illegal node ${printNode(node, numberNodes(nodes))}: ${fault}`);
  }
  return graph;
}

function faultOf(node: Node, names: Set<string>): string | undefined {
  if (!Object.isFrozen(node) || !Object.isFrozen(node.inputs)) return 'is not frozen';
  if (node.op === 'input') {
    if (names.has(node.attributes.name)) return `a second input has the name ${node.attributes.name}`;
    names.add(node.attributes.name);
  }
  try {
    const { type, shape } = inferType(node.op, node.inputs, node.attributes);
    if (type !== node.type || !sameShape(shape, node.shape)) return `computes ${type} [${shape.join(', ')}]`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return undefined;
}
