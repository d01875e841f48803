import { sizeOf } from '../shape.ts';
import { forEachIndex, offsetOf } from './indices.ts';
import type { ConvGeometry, Shape } from '../ops.ts';
import type { Kernels } from './kernel.ts';

interface ConvShapes {
  /** [n, c, ...s] */
  readonly x: Shape;
  /** [o, c/groups, ...k] */
  readonly w: Shape;
  /** [n, o, ...] */
  readonly y: Shape;
}

/**
 * Convolution, its gradient by the image and its gradient by the weights are one trilinear form, the sum of x * w * y over every output
 * position and tap, left open in one of its three places. Visits each of its products as offsets into x, w and y.
 */
function forEachProduct(
  { x, w, y }: ConvShapes,
  { stride, padding, dilation, groups }: ConvGeometry,
  visit: (x: number, w: number, y: number) => void,
): void {
  forEachIndex(y, ([n, o, ...at], yOffset) => {
    const group = Math.floor(o! / (w[0]! / groups));
    forEachIndex(w.slice(1), ([c, ...tap]) => {
      const from = at.map((i, axis) => i * stride[axis]! - padding[axis]![0] + tap[axis]! * dilation[axis]!);
      if (from.some((i, axis) => i < 0 || i >= x[axis + 2]!)) return;
      visit(offsetOf([n!, group * w[1]! + c!, ...from], x), offsetOf([o!, c!, ...tap], w), yOffset);
    });
  });
}

/** Channels are windowed one by one: visits every voxel of every window. */
function forEachWindow(
  x: Shape,
  y: Shape,
  { kernel, stride }: { readonly kernel: readonly number[]; readonly stride: readonly number[] },
  visit: (x: number, y: number) => void,
): void {
  forEachIndex(y, ([n, c, ...at], yOffset) => {
    forEachIndex(kernel, (tap) => {
      const from = at.map((i, axis) => i * stride[axis]! + tap[axis]!);
      visit(offsetOf([n!, c!, ...from], x), yOffset);
    });
  });
}

export const convolving = {
  conv: ({ inputs: [image, weights], attributes, shape }, [x, w]) => {
    const y = new Float64Array(sizeOf(shape));
    forEachProduct({ x: image!.shape, w: weights!.shape, y: shape }, attributes, (i, j, k) => {
      y[k]! += x![i]! * w![j]!;
    });
    return y;
  },
  convInputGradient: ({ inputs: [weights, gradient], attributes, shape }, [w, y]) => {
    const x = new Float64Array(sizeOf(shape));
    forEachProduct({ x: shape, w: weights!.shape, y: gradient!.shape }, attributes, (i, j, k) => {
      x[i]! += w![j]! * y![k]!;
    });
    return x;
  },
  convWeightGradient: ({ inputs: [image, gradient], attributes, shape }, [x, y]) => {
    const w = new Float64Array(sizeOf(shape));
    forEachProduct({ x: image!.shape, w: shape, y: gradient!.shape }, attributes, (i, j, k) => {
      w[j]! += x![i]! * y![k]!;
    });
    return w;
  },
  averagePool: ({ inputs: [image], attributes, shape }, [x]) => {
    const y = new Float64Array(sizeOf(shape));
    forEachWindow(image!.shape, shape, attributes, (i, k) => {
      y[k]! += x![i]! / sizeOf(attributes.kernel);
    });
    return y;
  },
  maxPool: ({ inputs: [image], attributes, shape }, [x]) => {
    const y = new Float64Array(sizeOf(shape)).fill(-Infinity);
    forEachWindow(image!.shape, shape, attributes, (i, k) => {
      y[k] = Math.max(y[k]!, x![i]!);
    });
    return y;
  },
} satisfies Partial<Kernels>;
