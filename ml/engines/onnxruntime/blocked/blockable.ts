import { depthTaps, imageOf, isImage, windowOf, type Image, type Window } from './image.ts';
import { resizePhases, transposedPhases, type PhaseAxis } from './phases.ts';
import { blockedWeights } from './weightLayout.ts';
import { sizeOf } from '../../../graph/shape.ts';
import { triple } from './image.ts';
import type { ConvGeometry, Node, NodeOf, Shape } from '../../../graph/ops.ts';

type Convolution = NodeOf<'conv'> | NodeOf<'convInputGradient'> | NodeOf<'convWeightGradient'>;

const isConvolution = (node: Node): node is Convolution =>
  node.op === 'conv' || node.op === 'convInputGradient' || node.op === 'convWeightGradient';

/** Shape of the weights that a convolution reads or makes in blocked order. */
export function weightShapeOf(node: Node, block: number): Shape | undefined {
  if (!isConvolution(node) || !isBlockable(node, block)) return undefined;
  return weightsOf(node);
}

function weightsOf(node: Convolution): Shape {
  switch (node.op) {
    case 'conv':
      return node.inputs[1]!.shape;
    case 'convInputGradient':
      return node.inputs[0]!.shape;
    case 'convWeightGradient':
      return node.shape;
  }
}

/** Whether the blocked kernels can say this operation on images. */
export function isBlockable(node: Node, block: number): boolean {
  if (!isImage(node.shape)) return false;
  if (isConvolution(node)) return isPlainGeometry(node.attributes) && canConvolve(node, block);
  return node.op === 'resizeNearest' || node.op === 'averagePool' || node.op === 'maxPool';
}

const isPlainGeometry = ({ groups, dilation }: ConvGeometry): boolean =>
  groups === 1 && dilation.every((distance) => distance === 1);

function canConvolve(node: Convolution, block: number): boolean {
  const { narrow } = blockedWeights(weightsOf(node), block);
  const images =
    node.op === 'conv'
      ? [node, node.inputs[0]!]
      : node.op === 'convInputGradient'
        ? [node, node.inputs[1]!]
        : node.inputs;
  if (images.some(({ shape }) => sizeOf(shape.slice(2)) === 1)) return false;
  switch (node.op) {
    case 'conv':
      return everySliceHasTaps(node);
    case 'convInputGradient':
      return !narrow && gradientPhases(node) !== undefined;
    case 'convWeightGradient':
      return endsExactly(weightGradientWindow(node), imageOf(node.inputs[0]!.shape), imageOf(node.inputs[1]!.shape));
  }
}

function everySliceHasTaps(node: NodeOf<'conv'>): boolean {
  const window = windowOf(node.attributes, node.inputs[1]!.shape.slice(2));
  const [depth] = imageOf(node.inputs[0]!.shape).space;
  const [slices] = imageOf(node.shape).space;
  return Array.from({ length: slices }, (_, z) => depthTaps(z, depth, window)).every((taps) => taps.length > 0);
}

export const gradientPhases = (node: NodeOf<'convInputGradient'>): readonly PhaseAxis[] | undefined =>
  transposedPhases(
    windowOf(node.attributes, node.inputs[0]!.shape.slice(2)),
    imageOf(node.shape).space,
    imageOf(node.inputs[1]!.shape).space,
  );

/** Phases of the convolution of an image that was resized; undefined where it has none. */
export function resizedAxes(
  scale: readonly number[],
  weights: Shape,
  geometry: ConvGeometry,
  block: number,
): readonly PhaseAxis[] | undefined {
  if (!isImage(weights) || !isPlainGeometry(geometry) || blockedWeights(weights, block).narrow) return undefined;
  const window = windowOf(geometry, weights.slice(2));
  if (window.stride.some((stride) => stride !== 1)) return undefined;
  return resizePhases(triple(scale, 1), window.kernel, window.before, window.after);
}

/** The window with as many zeros at the end as it takes for the last tap to reach the last gradient. */
export function weightGradientWindow(node: NodeOf<'convWeightGradient'>): Window {
  const window = windowOf(node.attributes, node.attributes.kernel);
  const { space: image } = imageOf(node.inputs[0]!.shape);
  const { space: gradient } = imageOf(node.inputs[1]!.shape);
  const after = (axis: 0 | 1 | 2): number =>
    window.stride[axis] * (gradient[axis] - 1) + window.kernel[axis] - image[axis] - window.before[axis];
  return { ...window, after: [after(0), after(1), after(2)] };
}

/** Rows and columns behind the last tap cannot be left out of a filter that is the whole gradient. */
const endsExactly = ({ after, kernel, before }: Window, image: Image, gradient: Image): boolean =>
  after[1] >= 0 &&
  after[2] >= 0 &&
  image.n === gradient.n &&
  before.every((zeros, axis) => zeros < kernel[axis]! + image.space[axis]!);
