import type { Vector3 } from '../../volume/grid.ts';
import { alongAxis } from './alongAxis.ts';
import type { LineFilter } from './alongAxis.ts';

/** Those of [k, j, i] along which neighbours lie in one image; slices of context lie in several. */
export type Axes = readonly (0 | 1 | 2)[];

export const everyAxis: Axes = [0, 1, 2];

/**
 * Gaussian smoothing in place; the edge voxel stands for what lies beyond it.
 *
 * @param image Float32Array [k, j, i].
 * @param deviation Standard deviation in voxels, > 0.
 */
export function blur(image: Float32Array, shape: Vector3, deviation: number, axes: Axes = everyAxis): void {
  const filter = gaussian(deviation);
  for (const axis of axes) if (shape[axis] > 1) alongAxis(image, shape, axis, filter);
}

function gaussian(deviation: number): LineFilter {
  const radius = Math.ceil(3 * deviation);
  const weights = Float64Array.from({ length: radius + 1 }, (_, n) => Math.exp(-0.5 * (n / deviation) ** 2));
  const sum = weights.reduce((total, weight, n) => total + (n === 0 ? weight : 2 * weight), 0);
  const kernel = weights.map((weight) => weight / sum);
  return (from, to) => {
    const last = from.length - 1;
    for (let at = 0; at <= last; at++) {
      let value = kernel[0]! * from[at]!;
      for (let n = 1; n <= radius; n++) {
        const below = from[at < n ? 0 : at - n]!;
        const above = from[at + n > last ? last : at + n]!;
        value += kernel[n]! * (below + above);
      }
      to[at] = value;
    }
  };
}

/**
 * What is left of an image scanned at lower resolution, in place: along each axis linearly read at fewer points, and linearly
 * back. Voxel areas are kept aligned at both ends.
 *
 * @param image Float32Array [k, j, i].
 * @param fraction Of the points, in (0, 1].
 */
export function lowerResolution(image: Float32Array, shape: Vector3, fraction: number, axes: Axes = everyAxis): void {
  for (const axis of axes) {
    const points = Math.max(1, Math.round(shape[axis] * fraction));
    if (points === shape[axis]) continue;
    const coarse = new Float32Array(points);
    alongAxis(image, shape, axis, (from, to) => {
      readLinearly(from, coarse);
      readLinearly(coarse, to);
    });
  }
}

function readLinearly(from: Float32Array, to: Float32Array): void {
  const step = from.length / to.length;
  const last = from.length - 1;
  for (let n = 0; n < to.length; n++) {
    const place = Math.min(Math.max((n + 0.5) * step - 0.5, 0), last);
    const below = Math.floor(place);
    const low = from[below]!;
    to[n] = low + (place - below) * (from[below < last ? below + 1 : last]! - low);
  }
}
