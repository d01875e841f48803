// Between row-major [n, c, (d,) h, w] and cells: one blocked tensor [1, c, h, w] a sample and depth slice.
import { cellsOf, imageOf, roundUp } from './image.ts';
import type { Lowerer } from './lowerer.ts';
import type { Shape } from '../../../graph/ops.ts';

export function slicesFromPlain(lowerer: Lowerer, name: string, shape: Shape): readonly string[] {
  return lowerer.split(depthBeforeChannels(lowerer, name, shape), cellsOf(imageOf(shape)));
}

export function cellsFromPlain(lowerer: Lowerer, name: string, shape: Shape): readonly string[] {
  const { emitter } = lowerer;
  const { c } = imageOf(shape);
  const slices = depthBeforeChannels(lowerer, name, shape);
  // The kernel takes channels by fours, and fills up the rest.
  const missing = roundUp(c, 4) - c;
  const whole =
    missing === 0 ? slices : emitter.emit('Pad', [slices, emitter.indices([0, 0, 0, 0, 0, missing, 0, 0])], {});
  return lowerer.split(lowerer.blocked('ReorderInput', [whole]), cellsOf(imageOf(shape)));
}

export function cellsToPlain(lowerer: Lowerer, names: readonly string[], shape: Shape): string {
  const { n, c, space } = imageOf(shape);
  const [depth, height, width] = space;
  const slices = lowerer.blocked('ReorderOutput', [lowerer.join(names)], { channels: c });
  if (shape.length === 4) return slices;
  const split = lowerer.reshape(slices, [n, depth, c, height, width]);
  return lowerer.emitter.emit('Transpose', [split], { perm: [0, 2, 1, 3, 4] });
}

/** [n, c, d, h, w] -> [n * d, c, h, w]. */
function depthBeforeChannels(lowerer: Lowerer, name: string, shape: Shape): string {
  if (shape.length === 4) return name;
  const { n, c, space } = imageOf(shape);
  const [depth, height, width] = space;
  const swapped = c === 1 ? name : lowerer.emitter.emit('Transpose', [name], { perm: [0, 2, 1, 3, 4] });
  return lowerer.reshape(swapped, [n * depth, c, height, width]);
}
