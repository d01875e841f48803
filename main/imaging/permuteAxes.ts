import { invariant } from '../../ml/check/invariant.ts';
import { emptyLike } from '../../ml/volume/emptyLike.ts';
import type { VoxelArray } from '../../ml/volume/volume.ts';

/**
 * Numbers stored along `sizes` (fastest first) in another order of axes: axis n of the result is axis `order[n]`.
 *
 * @returns `data` itself where nothing moves.
 */
export function permuteAxes<Data extends VoxelArray>(
  data: Data,
  sizes: readonly number[],
  order: readonly number[],
): Data {
  invariant(data.length === sizes.reduce((product, size) => product * size, 1), 'as many numbers as the axes have');
  const moving = order.filter((axis) => sizes[axis] !== 1);
  if (moving.every((axis, n) => n === 0 || axis > moving[n - 1]!)) return data;
  const strides = sizes.map((_, axis) => sizes.slice(0, axis).reduce((product, size) => product * size, 1));
  const [inner = 0, ...outer] = moving;
  const [length, step] = [sizes[inner]!, strides[inner]!];
  const out = emptyLike(data, data.length);
  const counters = outer.map(() => 0);
  let from = 0;
  for (let to = 0; to < out.length; to += length) {
    for (let n = 0, at = from; n < length; n++, at += step) out[to + n] = data[at]!;
    for (let axis = 0; axis < outer.length; axis++) {
      const [size, stride] = [sizes[outer[axis]!]!, strides[outer[axis]!]!];
      from += stride;
      if (++counters[axis]! < size) break;
      counters[axis] = 0;
      from -= size * stride;
    }
  }
  return out;
}
