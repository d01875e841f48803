import { sizeOf } from '../../../graph/shape.ts';
import { imageOf, roundUp, type Image, type Window } from './image.ts';
import { weightGradientWindow } from './blockable.ts';
import { sliceMeetings, type Meeting } from './sliceMeetings.ts';
import { gradientsOfTaps, pairsSave } from './slicePairs.ts';
import { blockedWeights } from './weightLayout.ts';
import type { Lowerer } from './lowerer.ts';
import type { Node, NodeOf } from '../../../graph/ops.ts';
import type { Step } from './value.ts';

/** What the gradient of one plane filter is summed over. */
export interface PlaneGradient {
  /** Cells of the operand and of the gradient by the result that meet. */
  readonly pairs: readonly Meeting[];
  readonly operand: Image;
  readonly gradient: Image;
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly before: readonly [number, number];
  /** The operand is row-major because it has few channels. */
  readonly narrow: boolean;
}

/**
 * The gradient of a filter is a convolution itself: blocks of channels of the operand are its batch, their channels lie along the width,
 * and the gradient by the result is, as it lies in memory, its filter, as large as the image. The result is [i / B, o, kh, kw * B]; in
 * memory [i / B][o / B][kh][kw][B of i][B of o].
 */
export function planeGradient(lowerer: Lowerer, plane: PlaneGradient): string {
  const { operand, gradient, kernel, stride, before } = plane;
  const [, height, width] = operand.space;
  const [, rows, columns] = gradient.space;
  const [unit, batch] = plane.narrow ? [1, operand.c] : [lowerer.block, Math.ceil(operand.c / lowerer.block)];
  const outputs = Math.ceil(gradient.c / lowerer.block) * lowerer.block;
  const after = [0, 1].map(
    (axis) => stride[axis]! * ([rows, columns][axis]! - 1) + kernel[axis]! - [height, width][axis]! - before[axis]!,
  );
  const attributes = {
    kernel_shape: [rows, columns],
    dilations: [stride[0], stride[1] * unit],
    // In the width, where the kernel is slow at zeros, they are put there beforehand.
    pads: [before[0], plane.narrow ? before[1] : 0, after[0]!, plane.narrow ? after[1]! : 0],
  };
  let total: string | undefined;
  for (const [x, g] of plane.pairs) {
    const image = plane.narrow
      ? lowerer.reshape(x, [batch, 1, height, width])
      : lowerer.reshape(widened(lowerer, x, batch * unit, before[1], after[1]!), [
          batch,
          1,
          height,
          (before[1] + width + after[1]!) * unit,
        ]);
    const filter = lowerer.reshape(g, [outputs, 1, rows, columns]);
    total = lowerer.blocked('Conv', [image, filter, undefined, total], attributes);
  }
  return total ?? zeros(lowerer, [batch, outputs, kernel[0], kernel[1] * unit]);
}

/** A tap in depth that only ever meets zeros. */
const zeros = (lowerer: Lowerer, shape: readonly number[]): string =>
  lowerer.emitter.emit('Expand', [lowerer.emitter.float([0], []), lowerer.emitter.indices(shape)]);

/** Cells with zeros left and right of every row, as many as the window looks beyond them. */
const widenedCells = (lowerer: Lowerer, x: Node, { before, after }: Window): readonly string[] => {
  const channels = roundUp(imageOf(x.shape).c, lowerer.block);
  return lowerer.cleanCells(x).map((name) => widened(lowerer, name, channels, before[2], after[2]));
};

/** Zeros left and right of every row. A depthwise convolution writes them faster than Pad does. */
function widened(lowerer: Lowerer, name: string, channels: number, left: number, right: number): string {
  if (left === 0 && right === 0) return name;
  const ones = lowerer.once(`${channels} ones`, () =>
    lowerer.emitter.float(new Array<number>(channels).fill(1), [channels, 1, 1, 1]),
  );
  return lowerer.once(`${name} widened ${left} ${right}`, () =>
    lowerer.blocked('Conv', [name, ones], { group: channels, kernel_shape: [1, 1], pads: [0, left, 0, right] }),
  );
}

export function weightGradient(node: NodeOf<'convWeightGradient'>): Step {
  const [x, gradient] = [node.inputs[0]!, node.inputs[1]!];
  return {
    needs: [x, gradient],
    emit: (lowerer) => ({ kind: 'weights', name: emitGradient(lowerer, node, x, gradient) }),
  };
}

function emitGradient(lowerer: Lowerer, node: NodeOf<'convWeightGradient'>, x: Node, g: Node): string {
  const window = weightGradientWindow(node);
  const { narrow, ...weights } = blockedWeights(node.shape, lowerer.block);
  const [operand, gradient] = [imageOf(x.shape), imageOf(g.shape)];
  const cells = narrow ? lowerer.slices(x) : widenedCells(lowerer, x, window);
  const gradients = lowerer.cleanCells(g);
  const inPairs = !narrow && pairsSave(window, operand, gradient);
  const meetings = sliceMeetings(lowerer, { cells, operand, gradients, gradient, window, inPairs });
  const [, height, width] = operand.space;
  const wide = narrow ? 0 : window.before[2] + window.after[2];
  const parts = meetings.map((pairs) =>
    planeGradient(lowerer, {
      pairs,
      operand: { ...operand, space: [1, height, width + wide] },
      gradient,
      kernel: [window.kernel[1], window.kernel[2]],
      stride: [window.stride[1], window.stride[2]],
      before: [window.before[1], narrow ? window.before[2] : 0],
      narrow,
    }),
  );
  const [taps] = weights.kernel;
  const whole =
    parts.length === taps ? lowerer.join(parts) : gradientsOfTaps(lowerer, parts, sizeOf(weights.shape) / taps);
  return outputsFirst(lowerer, whole, node.shape);
}

/** From [i / B][o / B] to [o / B][i / B] for each tap in depth. */
function outputsFirst(lowerer: Lowerer, joined: string, shape: readonly number[]): string {
  const { inputBlocks, inputBlock, paddedOutputs, kernel, ...weights } = blockedWeights(shape, lowerer.block);
  const outputBlocks = paddedOutputs / lowerer.block;
  if (inputBlocks === 1 || outputBlocks === 1) return lowerer.reshape(joined, weights.shape);
  const size = kernel[1] * kernel[2] * inputBlock * lowerer.block;
  const blocks = lowerer.reshape(joined, [kernel[0], inputBlocks, outputBlocks, size]);
  return lowerer.reshape(lowerer.emitter.emit('Transpose', [blocks], { perm: [0, 2, 1, 3] }), weights.shape);
}
