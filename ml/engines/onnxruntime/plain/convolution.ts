import { convOutput } from '../../../graph/shape.ts';
import { slice } from './moving.ts';
import type { ConvGeometry, NodeOf, Shape } from '../../../graph/ops.ts';
import type { Emitter } from '../onnx/emitter.ts';

export const convolve = (
  emitter: Emitter,
  x: string,
  w: string,
  { stride, padding, dilation, groups }: ConvGeometry,
): string =>
  emitter.emit('Conv', [x, w], { strides: stride, dilations: dilation, group: groups, pads: padsOf(padding) });

/** ONNX lists all the befores, then all the afters. */
const padsOf = (padding: ConvGeometry['padding']): readonly number[] => [
  ...padding.map(([before]) => before),
  ...padding.map(([, after]) => after),
];

export function convInputGradient(
  emitter: Emitter,
  node: NodeOf<'convInputGradient'>,
  [w, gradient]: readonly string[],
): string {
  const { stride, padding, dilation, groups, spatial } = node.attributes;
  const kernel = node.inputs[0]!.shape.slice(2);
  const coarse = node.inputs[1]!.shape.slice(2);
  if (groups === 1 && stride.every((every) => every === 1) && canMirror(padding, dilation, kernel))
    return mirrored(emitter, node, w!, gradient!);
  // What the strides left over at the end of each axis got no gradient.
  const rest = spatial.map((extent, axis) => {
    const [before, after] = padding[axis]!;
    return extent - ((coarse[axis]! - 1) * stride[axis]! + dilation[axis]! * (kernel[axis]! - 1) + 1 - before - after);
  });
  return emitter.emit('ConvTranspose', [gradient!, w!], {
    strides: stride,
    dilations: dilation,
    group: groups,
    pads: padsOf(padding),
    output_padding: rest,
  });
}

const canMirror = (padding: ConvGeometry['padding'], dilation: readonly number[], kernel: Shape): boolean =>
  padding.every((amounts, axis) => amounts.every((amount) => amount <= dilation[axis]! * (kernel[axis]! - 1)));

/** Without strides the transpose is a convolution with the mirrored weights, which runtimes do much faster. */
function mirrored(emitter: Emitter, node: NodeOf<'convInputGradient'>, w: string, gradient: string): string {
  const { dilation, padding } = node.attributes;
  const [outputs, inputs, ...kernel] = node.inputs[0]!.shape;
  const order = [1, 0, ...kernel.map((_, axis) => axis + 2)];
  const swapped = emitter.emit('Transpose', [w], { perm: order });
  const size = [inputs!, outputs!, ...kernel];
  const flipped = kernel.some((taps) => taps > 1)
    ? slice(
        emitter,
        swapped,
        size.map((extent, axis) => (axis < 2 ? 0 : extent - 1)),
        size.map((extent, axis) => (axis < 2 ? extent : -extent - 1)),
        size.map((_, axis) => (axis < 2 ? 1 : -1)),
      )
    : swapped;
  return convolve(emitter, gradient, flipped, {
    stride: kernel.map(() => 1),
    padding: padding.map(([before, after], axis) => {
      const reach = dilation[axis]! * (kernel[axis]! - 1);
      return [reach - before, reach - after] as const;
    }),
    dilation,
    groups: 1,
  });
}

/**
 * The gradient by the weights is a convolution over the batch: with n and c swapped, x is the image and the gradient by the output the
 * filter; stride and dilation change places.
 */
export function convWeightGradient(
  emitter: Emitter,
  node: NodeOf<'convWeightGradient'>,
  [x, gradient]: readonly string[],
): string {
  const { groups } = node.attributes;
  const [, channels] = node.inputs[0]!.shape;
  const [, outputs] = node.inputs[1]!.shape;
  const parts = Array.from({ length: groups }, (_, group) =>
    oneGroup(
      emitter,
      node,
      channelRange(emitter, x!, node.inputs[0]!.shape, group, channels! / groups),
      channelRange(emitter, gradient!, node.inputs[1]!.shape, group, outputs! / groups),
    ),
  );
  return parts.length === 1 ? parts[0]! : emitter.emit('Concat', parts, { axis: 0 });
}

function oneGroup(emitter: Emitter, node: NodeOf<'convWeightGradient'>, x: string, gradient: string): string {
  const { stride, padding, dilation, kernel } = node.attributes;
  const swap = { perm: [1, 0, ...kernel.map((_, axis) => axis + 2)] };
  const swapped: ConvGeometry = { stride: dilation, padding, dilation: stride, groups: 1 };
  const filter = node.inputs[1]!.shape.slice(2);
  const whole = convOutput(node.inputs[0]!.shape.slice(2), filter, swapped);
  const gradients = convolve(
    emitter,
    emitter.emit('Transpose', [x], swap),
    emitter.emit('Transpose', [gradient], swap),
    swapped,
  );
  const size = [node.shape[1]!, node.shape[0]! / node.attributes.groups];
  const kept = whole.some((extent, axis) => extent !== kernel[axis])
    ? slice(emitter, gradients, [0, 0, ...kernel.map(() => 0)], [...size, ...kernel], [1, 1, ...kernel.map(() => 1)])
    : gradients;
  return emitter.emit('Transpose', [kept], swap);
}

function channelRange(emitter: Emitter, x: string, shape: Shape, group: number, count: number): string {
  if (count === shape[1]) return x;
  const stop = shape.map((extent, axis) => (axis === 1 ? (group + 1) * count : extent));
  return slice(
    emitter,
    x,
    shape.map((_, axis) => (axis === 1 ? group * count : 0)),
    stop,
    shape.map(() => 1),
  );
}
