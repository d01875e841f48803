import { invariant } from '../check/invariant.ts';
import { add } from '../graph/elementwise.ts';
import { nodesOf } from '../graph/graph.ts';
import { zeros } from '../graph/sources.ts';
import { sameShape, sizeOf } from '../graph/shape.ts';
import { constant } from '../graph/sources.ts';
import { derivatives } from './derivatives.ts';
import type { Node, NodeOf, OpKind } from '../graph/ops.ts';

/**
 * Reverse-mode differentiation, graph to graph.
 *
 * @param loss float32, one value.
 * @param by   Nodes to differentiate by; zeros where the loss does not depend on one.
 * @returns    The gradient by each, in its shape.
 */
export function gradients(loss: Node, by: readonly Node[]): readonly Node[] {
  invariant(loss.type === 'float32' && sizeOf(loss.shape) === 1, 'only one float32 value can be differentiated');
  const order = nodesOf([loss]);
  const relevant = dependents(order, by);
  const collected = new Map<Node, Node>([[loss, constant([1], loss.shape)]]);
  for (const node of [...order].reverse()) {
    const gradient = collected.get(node);
    if (!gradient || !relevant.has(node)) continue;
    collect(node, gradient, relevant, collected);
  }
  return by.map((node) => collected.get(node) ?? zeros(node.shape));
}

/** Nodes through which one of `by` reaches the loss: only these need a gradient. */
function dependents(order: readonly Node[], by: readonly Node[]): ReadonlySet<Node> {
  const found = new Set<Node>(by);
  for (const node of order) if (node.inputs.some((operand) => found.has(operand))) found.add(node);
  return found;
}

function collect(node: Node, gradient: Node, relevant: ReadonlySet<Node>, collected: Map<Node, Node>): void {
  for (const [i, share] of differentiate(node, gradient).entries()) {
    const operand = node.inputs[i]!;
    if (!share || !relevant.has(operand)) continue;
    invariant(sameShape(share.shape, operand.shape), `derivative of ${node.op} has [${share.shape.join(', ')}]`);
    const sum = collected.get(operand);
    collected.set(operand, sum ? add(sum, share) : share);
  }
}

const differentiate = <K extends OpKind>(node: NodeOf<K>, gradient: Node) => derivatives[node.op](node, gradient);
