import type { Vector3 } from '../../volume/grid.ts';

/** Overwrites `to` with what a filter makes of the line `from`; both have the same length. */
export type LineFilter = (from: Float32Array, to: Float32Array) => void;

/**
 * Applies a filter in place to every line of one axis.
 *
 * @param image Float32Array [k, j, i] of the given shape.
 */
export function alongAxis(image: Float32Array, shape: Vector3, axis: 0 | 1 | 2, filter: LineFilter): void {
  const length = shape[axis];
  const stride = axis === 0 ? shape[1] * shape[2] : axis === 1 ? shape[2] : 1;
  const from = new Float32Array(length);
  const to = new Float32Array(length);
  for (let block = 0; block < image.length; block += stride * length) {
    for (let first = block; first < block + stride; first++) {
      for (let n = 0; n < length; n++) from[n] = image[first + n * stride]!;
      filter(from, to);
      for (let n = 0; n < length; n++) image[first + n * stride] = to[n]!;
    }
  }
}
