import { equal, less, mul, select, add, cast } from '../graph/elementwise.ts';
import { broadcastTo, pad, slice } from '../graph/arrays.ts';
import { constant } from '../graph/sources.ts';
import { makeNode } from '../graph/node.ts';
import { sizeOf } from '../graph/shape.ts';
import type { Node, PoolGeometry } from '../graph/ops.ts';

/** Mean over windows is a convolution of each channel with a constant, and so is its transpose. */
export function averagePoolGradient(x: Node, gradient: Node, { kernel, stride }: PoolGeometry): Node {
  const channels = x.shape[1]!;
  const weights = constant([1 / sizeOf(kernel)], [channels, 1, ...kernel]);
  return makeNode('convInputGradient', [weights, gradient], {
    stride,
    padding: kernel.map(() => [0, 0] as const),
    dilation: kernel.map(() => 1),
    groups: channels,
    spatial: x.shape.slice(2),
  });
}

/** Summing the copies of each voxel. */
export const resizeNearestGradient = (gradient: Node, scale: readonly number[]): Node =>
  mul(makeNode('averagePool', [gradient], { kernel: scale, stride: scale }), sizeOf(scale));

/** The gradient goes to the first largest voxel of each window, taken tap by tap as strided slices. */
export function maxPoolGradient(x: Node, largest: Node, gradient: Node, { kernel, stride }: PoolGeometry): Node {
  let unclaimed: Node = constant([1], largest.shape);
  let total: Node | undefined;
  for (const tap of tapsOf(kernel)) {
    const start = [0, 0, ...tap];
    const step = [1, 1, ...stride];
    const stop = start.map((from, axis) => from + (largest.shape[axis]! - 1) * step[axis]! + 1);
    const isLargest = equal(slice(x, start, stop, step), largest);
    const claims = mul(cast(isLargest, 'float32'), unclaimed);
    unclaimed = select(less(0, claims), 0, unclaimed);
    const placed = pad(mul(gradient, claims), {
      low: start,
      high: stop.map((end, axis) => x.shape[axis]! - end),
      interior: step.map((every) => every - 1),
    });
    total = total ? add(total, placed) : placed;
  }
  return total ?? broadcastTo(constant([0]), x.shape);
}

/** Every offset inside a window, row-major. */
const tapsOf = (kernel: readonly number[]): readonly (readonly number[])[] =>
  kernel.reduce<readonly (readonly number[])[]>(
    (taps, extent) => taps.flatMap((tap) => Array.from({ length: extent }, (_, i) => [...tap, i])),
    [[]],
  );
