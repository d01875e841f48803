import type { OnnxNode } from './model.ts';

/**
 * The nodes in another order, each soon after the last of its operands. The runtime executes in an order of its own; but loading sorts
 * the nodes several times, in time proportional to how many are ready and waiting: thousands of slices wait from the forward to the
 * backward pass where the order is that of the passes.
 */
export function readyFirst(nodes: readonly OnnxNode[]): readonly OnnxNode[] {
  const producers = new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const consumers = new Map<OnnxNode, OnnxNode[]>(nodes.map((node) => [node, []]));
  const missing = new Map<OnnxNode, number>();
  for (const node of nodes) {
    const operands = new Set(node.inputs.flatMap((name) => producers.get(name) ?? []));
    missing.set(node, operands.size);
    for (const operand of operands) consumers.get(operand)!.push(node);
  }
  const order = nodes.filter((node) => missing.get(node) === 0);
  for (const node of order)
    for (const consumer of consumers.get(node)!) {
      missing.set(consumer, missing.get(consumer)! - 1);
      if (missing.get(consumer) === 0) order.push(consumer);
    }
  return order;
}
