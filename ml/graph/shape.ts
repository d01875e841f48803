import { invariant } from '../check/invariant.ts';
import type { ConvGeometry, Shape } from './ops.ts';

export const sizeOf = (shape: Shape): number => shape.reduce((size, extent) => size * extent, 1);

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((extent, axis) => extent === b[axis]);

/** Shape of an elementwise result of operands of one rank. */
export function broadcastShapes(...shapes: readonly Shape[]): Shape {
  const [first] = shapes;
  invariant(first !== undefined && shapes.every((shape) => shape.length === first.length), 'operands differ in rank');
  return first.map((_, axis) => {
    const extents = shapes.map((shape) => shape[axis]!).filter((extent) => extent !== 1);
    invariant(
      extents.every((extent) => extent === extents[0]),
      `operands differ along axis ${axis}: ${extents.join(' and ')}`,
    );
    return extents[0] ?? 1;
  });
}

/** Extent of one axis after a window of `kernel` taps has moved over it. */
export const windowOutput = (extent: number, kernel: number, stride: number, dilation = 1, padding = 0): number =>
  Math.floor((extent + padding - dilation * (kernel - 1) - 1) / stride) + 1;

/** Spatial shape of a convolution's result. */
export const convOutput = (spatial: Shape, kernel: Shape, geometry: ConvGeometry): Shape =>
  spatial.map((extent, axis) =>
    windowOutput(
      extent,
      kernel[axis]!,
      geometry.stride[axis]!,
      geometry.dilation[axis],
      geometry.padding[axis]![0] + geometry.padding[axis]![1],
    ),
  );
