import { topological, type Graph } from './graph.ts';
import type { Node } from './ops.ts';

export const numberNodes = (nodes: readonly Node[]): ReadonlyMap<Node, number> =>
  new Map(nodes.map((node, number) => [node, number]));

/** One line: `%3 = conv(%1, %2) {"stride":[1,1]} float32 [1, 8, 16, 16]`. */
export function printNode(node: Node, numbers: ReadonlyMap<Node, number>): string {
  const operands = node.inputs.map((operand) => `%${numbers.get(operand)}`).join(', ');
  return `%${numbers.get(node)} = ${node.op}(${operands})${printAttributes(node)} ${node.type} [${node.shape.join(', ')}]`;
}

/** The whole graph, one node a line, operands first, then the outputs by name. */
export function printGraph(graph: Graph): string {
  const nodes = topological(graph);
  const numbers = numberNodes(nodes);
  const outputs = Object.entries(graph.outputs).map(([name, node]) => `${name} = %${numbers.get(node)}`);
  return [...nodes.map((node) => printNode(node, numbers)), ...outputs].join('\n');
}

function printAttributes(node: Node): string {
  if (node.op === 'input') return ` ${node.attributes.name}`;
  if (node.op === 'constant') {
    const { data } = node.attributes;
    return ` ${data.length > 8 ? `${data.slice(0, 8).join(' ')} ...` : data.join(' ')}`;
  }
  return Object.keys(node.attributes).length === 0 ? '' : ` ${JSON.stringify(node.attributes)}`;
}
