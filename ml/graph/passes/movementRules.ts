import { broadcastTo, reshape, sum, transpose } from '../arrays.ts';
import { mul } from '../elementwise.ts';
import { byNumber } from './byNumber.ts';
import { sameShape, sizeOf } from '../shape.ts';
import type { Node, NodeOf } from '../ops.ts';
import type { IsOwn, Rules } from './rule.ts';

/** A primitive that cannot change values has done nothing if the shape is the same too. */
const dropIfSameShape = (node: Node): Node | undefined => {
  const x = node.inputs[0]!;
  return sameShape(x.shape, node.shape) ? x : undefined;
};

/** The sum over axes that were only repeated is a product. */
function sumOfRepeated({ inputs: [x], attributes: { axes }, shape }: NodeOf<'sum'>): Node | undefined {
  if (x?.op !== 'broadcastTo') return undefined;
  const source = x.inputs[0]!;
  return sameShape(source.shape, shape) ? mul(source, sizeOf(axes.map((axis) => x.shape[axis]!))) : undefined;
}

/** The sum of x * number is the sum of x, times the number. */
function sumOfScaled({ inputs: [x], attributes: { axes } }: NodeOf<'sum'>, isOwn: IsOwn): Node | undefined {
  const [factor, value] = byNumber(x!, 'mul') ?? [];
  return factor && value !== undefined && isOwn(x!) ? mul(sum(factor, axes), value) : undefined;
}

export const movementRules: Rules = {
  reshape: (node) => {
    const x = node.inputs[0]!;
    return dropIfSameShape(node) ?? (x.op === 'reshape' ? reshape(x.inputs[0]!, node.shape) : undefined);
  },
  transpose: ({ inputs: [x], attributes: { permutation } }) => {
    if (permutation.every((from, axis) => from === axis)) return x;
    if (x?.op !== 'transpose') return undefined;
    return transpose(
      x.inputs[0]!,
      permutation.map((axis) => x.attributes.permutation[axis]!),
    );
  },
  broadcastTo: (node) => {
    const x = node.inputs[0]!;
    return dropIfSameShape(node) ?? (x.op === 'broadcastTo' ? broadcastTo(x.inputs[0]!, node.shape) : undefined);
  },
  slice: dropIfSameShape,
  pad: dropIfSameShape,
  concat: dropIfSameShape,
  resizeNearest: dropIfSameShape,
  reduceMax: dropIfSameShape,
  sum: (node, isOwn) => {
    const x = node.inputs[0]!;
    if (x.op === 'sum') return sum(x.inputs[0]!, [...new Set([...x.attributes.axes, ...node.attributes.axes])]);
    return dropIfSameShape(node) ?? sumOfRepeated(node) ?? sumOfScaled(node, isOwn);
  },
};
