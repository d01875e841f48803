import { imageOf, roundUp, type Triple } from './image.ts';
import { sizeOf } from '../../../graph/shape.ts';
import type { Lowerer } from './lowerer.ts';
import type { Scope } from './scope.ts';
import type { Step } from './value.ts';
import type { Node, NodeOf } from '../../../graph/ops.ts';

/** Sums over space alone, as sharedSums.ts leaves them, in the blocked kernels. */
export function spatialSum(node: NodeOf<'sum'>, scope: Scope): Step | undefined {
  const [x] = node.inputs;
  if (!x || !scope.isCells(x) || node.attributes.axes.join() !== [...x.shape.keys()].slice(2).join()) return undefined;
  const isProduct =
    x.op === 'mul' && scope.hasOneUse(x) && x.inputs.every((operand) => sizeOf(operand.shape) === sizeOf(x.shape));
  const images = isProduct ? x.inputs : [x];
  return {
    needs: images,
    emit: (lowerer) => ({ kind: 'plain', name: channelSums(lowerer, images, x) }),
  };
}

/** [n, c, 1, ...]: sums of one image, or of the product of two, over space. */
function channelSums(lowerer: Lowerer, images: readonly Node[], { shape }: Node): string {
  const { n, c, space } = imageOf(shape);
  const { emitter } = lowerer;
  const channels = roundUp(c, lowerer.block);
  const parts = partsOf(space);
  const [a, b] = images.map((image) => lowerer.cells(image));
  const cut = [1, channels * parts, space[1] / parts, space[2]];
  const sums = a!.map((name, cell) => {
    const x = parts === 1 ? name : lowerer.reshape(name, cut);
    return b ? dot(lowerer, x, b[cell]!, cut) : lowerer.blocked('GlobalAveragePool', [x]);
  });
  const block = lowerer.block;
  const stacked = lowerer.reshape(lowerer.join(sums), [n, space[0], channels / block, parts, block]);
  const summed = emitter.emit('ReduceSum', [stacked, emitter.indices([1, 3])], { keepdims: 0 });
  const scaled = b ? summed : emitter.emit('Mul', [summed, emitter.float([(space[1] / parts) * space[2]], [])]);
  const flat = lowerer.reshape(scaled, [n, channels]);
  const kept =
    c === channels
      ? flat
      : emitter.emit('Slice', [flat, emitter.indices([0]), emitter.indices([c]), emitter.indices([1])]);
  return lowerer.reshape(kept, [n, c, ...shape.slice(2).map(() => 1)]);
}

/** A depthwise convolution whose filter is the other image. */
const dot = (lowerer: Lowerer, x: string, y: string, [, channels, height, width]: readonly number[]): string =>
  lowerer.blocked('Conv', [x, lowerer.reshape(y, [channels!, 1, height!, width!])], {
    group: channels!,
    kernel_shape: [height!, width!],
  });

/** Rows of a large plane are summed in parts, each as channels of its own: less rounding, and work for more threads. */
const partsOf = ([, height, width]: Triple): number =>
  height * width <= largestPart ? 1 : ([16, 12, 8, 6, 5, 4, 3, 2].find((parts) => height % parts === 0) ?? 1);

const largestPart = 4096;

/** The sum of all blocked weights: what is filled up is zero. */
export function weightSum(node: NodeOf<'sum'>, scope: Scope): Step | undefined {
  const x = node.inputs[0]!;
  const form = scope.form(x);
  if (form.kind !== 'weights' || form.padding !== 0 || node.attributes.axes.length < x.shape.length) return undefined;
  const isSquare = x.op === 'mul' && x.inputs[0] === x.inputs[1] && scope.form(x.inputs[0]!).kind === 'weights';
  const summed = isSquare ? x.inputs[0]! : x;
  return {
    needs: [summed],
    emit(lowerer) {
      const op = isSquare ? 'ReduceSumSquare' : 'ReduceSum';
      const total = lowerer.emitter.emit(op, [lowerer.weights(summed)], { keepdims: 0 });
      return { kind: 'plain', name: lowerer.reshape(total, node.shape) };
    },
  };
}
