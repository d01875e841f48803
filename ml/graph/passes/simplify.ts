import { rewriteGraph, topological, type Graph } from '../graph.ts';
import { arithmeticRules } from './arithmeticRules.ts';
import { movementRules } from './movementRules.ts';
import { withOperands } from './withOperands.ts';
import type { Node, NodeOf, OpKind } from '../ops.ts';
import type { IsOwn, Rules } from './rule.ts';

const rules: Rules = { ...arithmeticRules, ...movementRules };

/**
 * Rewrites by algebraic identities, operands first. They hold for finite values: 0 * x is taken for 0. Primitives that engines lower as
 * a whole (convolutions, swish and its gradient, softmax) are left alone.
 */
export function simplify(graph: Graph): Graph {
  const uses = countUses(graph);
  const isOwn = (node: Node): boolean => uses.get(node) === 1;
  return rewriteGraph(graph, (original, operands) => {
    let node = withOperands(original, operands);
    for (let next = applyRule(node, isOwn); next; next = applyRule(node, isOwn)) node = next;
    // A node that replaces several takes over all their uses. Uses that fell away still count, which only makes rules hold back.
    if (node !== original) uses.set(node, (uses.get(node) ?? 0) + uses.get(original)!);
    return node;
  });
}

function countUses(graph: Graph): Map<Node, number> {
  const uses = new Map<Node, number>();
  const used = [...topological(graph).flatMap(({ inputs }) => inputs), ...Object.values(graph.outputs)];
  for (const node of used) uses.set(node, (uses.get(node) ?? 0) + 1);
  return uses;
}

function applyRule<K extends OpKind>(node: NodeOf<K>, isOwn: IsOwn): Node | undefined {
  const rule: Rules[K] = rules[node.op];
  return rule?.(node, isOwn);
}
