import { sizeOf, sameShape } from '../../../graph/shape.ts';
import { splat } from '../../../graph/sources.ts';
import { resizedAxes } from './blockable.ts';
import { convolution } from './convolution.ts';
import { dataGradient } from './dataGradient.ts';
import { resizedConvolution, resizedInputGradient } from './resized.ts';
import type { Node, NodeOf } from '../../../graph/ops.ts';
import type { Producer } from './producer.ts';
import type { Scope } from './scope.ts';

/** The convolutions that compute a node; undefined where none does. */
export function producerOf(node: Node, scope: Scope): Producer | undefined {
  if (!scope.isCells(node)) return undefined;
  switch (node.op) {
    case 'conv':
      return forward(node, scope);
    case 'convInputGradient':
      return dataGradient(node);
    case 'mul':
      return throughResize(node, scope);
    default:
      return undefined;
  }
}

function forward(node: NodeOf<'conv'>, scope: Scope): Producer {
  const [image, w] = [node.inputs[0]!, node.inputs[1]!];
  const axes =
    image.op === 'resizeNearest' && resizedAxes(image.attributes.scale, w.shape, node.attributes, scope.block);
  return axes ? resizedConvolution(node, { x: image.inputs[0]!, w, axes }) : convolution(node);
}

/** The gradient through a nearest resize is the sum over each copy: a mean by their number. */
function throughResize(node: NodeOf<'mul'>, scope: Scope): Producer | undefined {
  const pool = node.inputs.find(({ op }) => op === 'averagePool');
  const count = node.inputs.map(splat).find((value) => value !== undefined);
  if (pool?.op !== 'averagePool' || !scope.hasOneUse(pool)) return undefined;
  const { kernel, stride } = pool.attributes;
  const fine = pool.inputs[0]!;
  if (fine.op !== 'convInputGradient' || !scope.hasOneUse(fine) || !scope.isCells(fine)) return undefined;
  if (count !== sizeOf(kernel) || !sameShape(kernel, stride)) return undefined;
  const [w, gradient] = [fine.inputs[0]!, fine.inputs[1]!];
  const axes = resizedAxes(kernel, w.shape, fine.attributes, scope.block);
  return axes && resizedInputGradient(node, gradient, { w, axes });
}
