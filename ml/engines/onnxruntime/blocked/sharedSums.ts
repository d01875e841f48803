import { sum } from '../../../graph/arrays.ts';
import { add, mul, neg, sub } from '../../../graph/elementwise.ts';
import { rewriteGraph, topological, type Graph } from '../../../graph/graph.ts';
import { withOperands } from '../../../graph/passes/withOperands.ts';
import { sameShape, sizeOf } from '../../../graph/shape.ts';
import { isPerChannel } from './forms.ts';
import { isImage } from './image.ts';
import type { Node, NodeOf } from '../../../graph/ops.ts';

/**
 * Every sum over space is taken once, of one image by channel. The sum of a linear combination is made of those of its images where the
 * graph has these anyway: the gradient by a bias before a normalisation costs no pass over memory.
 */
export function sharedSums(graph: Graph): Graph {
  const wanted = new Set<Node>();
  for (const node of topological(graph)) if (isSpatialSum(node)) wanted.add(node.inputs[0]!);
  const sums = new Map<Node, Node>();
  const images = new Set<Node>();
  return rewriteGraph(graph, (original, operands) => {
    const node = withOperands(original, operands);
    // The operand as it was is what the graph wants the sum of; as it is now, what is summed.
    if (wanted.has(original)) images.add(node);
    if (!isSpatialSum(node)) return node;
    const [x] = node.inputs;
    const byChannel = opened(x!, (image) => (images.has(image) ? sumOf(image, sums) : undefined)) ?? sumOf(x!, sums);
    return sum(
      byChannel,
      node.attributes.axes.filter((axis) => axis < 2),
    );
  });
}

const spatialAxes = ({ shape }: Node): readonly number[] => [...shape.keys()].slice(2);

function isSpatialSum(node: Node): node is NodeOf<'sum'> {
  const x = node.inputs[0];
  if (node.op !== 'sum' || !x || !isImage(x.shape) || isPerChannel(x)) return false;
  return spatialAxes(x).every((axis) => node.attributes.axes.includes(axis));
}

function sumOf(x: Node, sums: Map<Node, Node>): Node {
  const known = sums.get(x) ?? sum(x, spatialAxes(x));
  sums.set(x, known);
  return known;
}

/** Sum over space of a linear operation, from those of its operands; undefined where one of them has none. */
function opened(node: Node, sumIfWanted: (image: Node) => Node | undefined): Node | undefined {
  const of = (operand: Node): Node | undefined => {
    if (isPerChannel(operand)) return mul(operand, sizeOf(node.shape.slice(2)));
    if (operand.op === 'broadcastTo') return of(operand.inputs[0]!);
    return sumIfWanted(operand) ?? (sameShape(operand.shape, node.shape) ? opened(operand, sumIfWanted) : undefined);
  };
  const [a, b] = [node.inputs[0]!, node.inputs[1]!];
  switch (node.op) {
    case 'add':
    case 'sub': {
      const [left, right] = [of(a), of(b)];
      return left && right && (node.op === 'add' ? add(left, right) : sub(left, right));
    }
    case 'neg': {
      const whole = of(a);
      return whole && neg(whole);
    }
    case 'mul': {
      const [image, factor] = isPerChannel(b) ? [a, b] : [b, a];
      const whole = isPerChannel(factor) ? of(image) : undefined;
      return whole && mul(whole, factor);
    }
    default:
      return undefined;
  }
}
