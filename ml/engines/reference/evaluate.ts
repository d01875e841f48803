import { invariant } from '../../check/invariant.ts';
import { topological, type Graph } from '../../graph/graph.ts';
import { compute } from '../../graph/semantics/semantics.ts';
import { sizeOf } from '../../graph/shape.ts';
import type { Node, NodeOf } from '../../graph/ops.ts';

/** Values by the name of an input, row-major. int32 and bool as numbers. */
export type Feeds = Readonly<Record<string, ArrayLike<number>>>;

/**
 * Computes a graph in float64, one node after another: the oracle that engines and derivatives are held against.
 *
 * @returns The values of each output, row-major.
 * @throws Error where a feed is missing or does not fill its input.
 */
export function evaluate(graph: Graph, feeds: Feeds): Record<string, Float64Array> {
  const values = new Map<Node, Float64Array>();
  for (const node of topological(graph)) {
    const operands = node.inputs.map((operand) => values.get(operand)!);
    values.set(node, node.op === 'input' ? feedOf(node, feeds) : compute(node, operands));
  }
  return Object.fromEntries(Object.entries(graph.outputs).map(([name, node]) => [name, values.get(node)!]));
}

function feedOf({ attributes: { name }, shape }: NodeOf<'input'>, feeds: Feeds): Float64Array {
  const feed = feeds[name];
  invariant(feed, `nothing is fed to ${name}`);
  invariant(feed.length === sizeOf(shape), `${feed.length} values do not fill ${name} [${shape.join(', ')}]`);
  return Float64Array.from(feed);
}
