import { invariant } from '../check/invariant.ts';
import type { Vector3 } from './grid.ts';

/**
 * Exact squared Euclidean distance from each voxel centre to the nearest source: one pass of lower envelopes of parabolas an
 * axis (Felzenszwalb and Huttenlocher 2012, "Distance transforms of sampled functions", algorithm 1).
 *
 * @param sources Uint8Array [k, j, i]; every value but 0 is a source.
 * @param spacing Distance between voxel centres along i, j, k, > 0.
 * @returns       Float64Array [k, j, i], in the unit of `spacing`, squared; Infinity everywhere without a source.
 */
export function squaredDistance(sources: Uint8Array, shape: Vector3, spacing: Vector3): Float64Array {
  const [width, height, depth] = shape;
  invariant(sources.length === width * height * depth, 'sources have the shape they are said to have');
  const squared = new Float64Array(sources.length);
  for (let v = 0; v < squared.length; v++) squared[v] = sources[v] === 0 ? Infinity : 0;

  const strides = [1, width, width * height] as const;
  const envelope = new Envelope(Math.max(width, height, depth));
  for (const axis of [0, 1, 2] as const) {
    const length = shape[axis];
    if (length === 1) continue;
    const stride = strides[axis];
    const block = stride * length;
    for (let outer = 0; outer < squared.length; outer += block) {
      for (let start = outer; start < outer + stride; start++)
        envelope.transform(squared, start, stride, length, spacing[axis]);
    }
  }
  return squared;
}

/** The lower envelope of the parabolas that stand on one line of voxels; its buffers serve every line. */
class Envelope {
  private readonly heights: Float64Array;
  /** Positions of the parabolas of the envelope, left to right. */
  private readonly vertices: Int32Array;
  /** Parabola `p` is the lowest from `starts[p]` to `starts[p + 1]`, in voxels. */
  private readonly starts: Float64Array;

  constructor(longest: number) {
    this.heights = new Float64Array(longest);
    this.vertices = new Int32Array(longest);
    this.starts = new Float64Array(longest + 1);
  }

  transform(squared: Float64Array, start: number, stride: number, length: number, spacing: number): void {
    const { heights } = this;
    for (let p = 0, v = start; p < length; p++, v += stride) heights[p] = squared[v]!;
    const count = this.build(length, spacing * spacing);
    if (count === 0) return;

    const { vertices, starts } = this;
    let current = 0;
    for (let p = 0, v = start; p < length; p++, v += stride) {
      while (current + 1 < count && starts[current + 1]! < p) current++;
      const offset = (p - vertices[current]!) * spacing;
      squared[v] = heights[vertices[current]!]! + offset * offset;
    }
  }

  /** @returns The number of parabolas in the envelope; places without a source have none. */
  private build(length: number, weight: number): number {
    const { heights, vertices, starts } = this;
    let count = 0;
    for (let p = 0; p < length; p++) {
      if (heights[p] === Infinity) continue;
      let crossing = -Infinity;
      while (count > 0) {
        const last = vertices[count - 1]!;
        crossing = (p + last + (heights[p]! - heights[last]!) / (weight * (p - last))) / 2;
        if (crossing > starts[count - 1]!) break;
        count--;
      }
      vertices[count] = p;
      starts[count] = count === 0 ? -Infinity : crossing;
      count++;
    }
    return count;
  }
}
