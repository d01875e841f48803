import { input } from '../../../../ml/graph/sources.ts';
import { sizeOf } from '../../../../ml/graph/shape.ts';
import { shuffle } from '../../../../ml/random/shuffle.ts';
import { stream } from '../../../../ml/random/stream.ts';
import type { ConvGeometry, ElementType, Node, Shape } from '../../../../ml/graph/ops.ts';

/**
 * Draws shapes, attributes and inputs with their values from a seed. Every value is a float32, so that a float32 engine gets what the
 * reference gets.
 */
export class Draw {
  readonly feeds: Record<string, readonly number[]> = {};
  readonly #rng;

  constructor(seed: number) {
    this.#rng = stream(seed, 'graph case');
  }

  /** Low and high are both possible. */
  integer(low: number, high: number): number {
    return low + this.#rng.integer(high - low + 1);
  }

  real(low: number, high: number): number {
    return Math.fround(low + this.#rng.uniform() * (high - low));
  }

  /** True once in `every` draws. */
  chance(every: number): boolean {
    return this.#rng.integer(every) === 0;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.#rng.integer(choices.length)]!;
  }

  times<T>(count: number, make: (i: number) => T): T[] {
    return Array.from({ length: count }, (_, i) => make(i));
  }

  shape(lowRank: number, highRank: number, largest = 4): Shape {
    return this.times(this.integer(lowRank, highRank), () => this.integer(1, largest));
  }

  /** The shape with some axes of size 1. */
  narrowed(shape: Shape): Shape {
    return shape.map((extent) => (this.chance(3) ? 1 : extent));
  }

  /** Some of the axes, at least one, in any order. */
  axes(rank: number): readonly number[] {
    return this.permutation(rank).slice(0, this.integer(1, rank));
  }

  permutation(rank: number): readonly number[] {
    return shuffle([...new Array<unknown>(rank).keys()], this.#rng);
  }

  input(shape: Shape, values: readonly number[], type: ElementType = 'float32'): Node {
    const name = `x${Object.keys(this.feeds).length}`;
    this.feeds[name] = values;
    return input(name, shape, type);
  }

  reals(shape: Shape, low = -2, high = 2): Node {
    return this.input(
      shape,
      this.times(sizeOf(shape), () => this.real(low, high)),
    );
  }

  /** Of both signs, none nearer to zero than 0.25. */
  nonzeros(shape: Shape): Node {
    return this.input(
      shape,
      this.times(sizeOf(shape), () => this.real(0.25, 2) * this.pick([-1, 1])),
    );
  }

  /** None nearer to a whole number than 0.25. */
  fractions(shape: Shape): Node {
    return this.input(
      shape,
      this.times(sizeOf(shape), () => this.integer(-3, 2) + this.real(0.25, 0.75)).map(Math.fround),
    );
  }

  /** No two values of all these inputs nearer than 0.05: no tie, and none after a small step. */
  distinct(...shapes: readonly Shape[]): readonly Node[] {
    const count = shapes.reduce((sum, shape) => sum + sizeOf(shape), 0);
    const values = shuffle(
      this.times(count, (i) => Math.fround((i - count / 2) * 0.05)),
      this.#rng,
    );
    return shapes.map((shape) => this.input(shape, values.splice(0, sizeOf(shape))));
  }

  integers(shape: Shape, low: number, high: number): Node {
    return this.input(
      shape,
      this.times(sizeOf(shape), () => this.integer(low, high)),
      'int32',
    );
  }

  booleans(shape: Shape): Node {
    return this.input(
      shape,
      this.times(sizeOf(shape), () => this.integer(0, 1)),
      'bool',
    );
  }

  /** A convolution in one to three dimensions: strides and dilations up to 2, padding unlike before and after, up to 3 groups. */
  convolution(): ConvolutionShapes {
    const dimensions = this.integer(1, 3);
    const each = (low: number, high: number) => this.times(dimensions, () => this.integer(low, high));
    const groups = this.integer(1, 3);
    const [n, c, o] = [this.integer(1, 2), this.integer(1, 2), this.integer(1, 2)];
    const [kernel, stride, dilation] = [each(1, 3), each(1, 2), each(1, 2)];
    const padding = this.times(dimensions, () => [this.integer(0, 2), this.integer(0, 2)] as const);
    const spatial = kernel.map((extent, axis) => {
      const [before, after] = padding[axis]!;
      return Math.max(1, dilation[axis]! * (extent - 1) + 1 - before - after) + this.integer(0, 3);
    });
    return {
      x: [n, c * groups, ...spatial],
      w: [o * groups, c, ...kernel],
      geometry: { stride, padding, dilation, groups },
    };
  }
}

export interface ConvolutionShapes {
  readonly x: Shape;
  readonly w: Shape;
  readonly geometry: ConvGeometry;
}
