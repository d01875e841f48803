// Layers as functions that add nodes. x is [n, c, ...spatial] or, for `linear`, [n, c].
import { add, div, max, mul, sqrt, sub } from '../graph/elementwise.ts';
import { matmul, reshape, sum } from '../graph/arrays.ts';
import { conv, geometry } from '../graph/images.ts';
import { invariant } from '../check/invariant.ts';
import { sizeOf } from '../graph/shape.ts';
import type { Node, Shape } from '../graph/ops.ts';
import type { Scope } from './parameters.ts';

/** [c] -> [1, c, 1, ...] for a tensor of the given rank. */
const alongChannels = (vector: Node, rank: number): Node =>
  reshape(vector, [1, vector.shape[0]!, ...new Array<number>(rank - 2).fill(1)]);

export interface ConvolutionOptions {
  readonly kernel: number;
  readonly stride?: number;
  /** Standard deviation of the result over that of the input at the start; He et al. 2015, eq. 10 for layers before a rectifier. */
  readonly gain?: number;
  /** `none` where a normalisation of every channel by itself follows, which would take any bias away again. Default `learned`. */
  readonly bias?: 'learned' | 'none';
}

/** Convolution; `kernel` is odd and the padding keeps the size at stride 1. */
export function convolution(
  scope: Scope,
  x: Node,
  outputs: number,
  { kernel, stride = 1, gain = Math.SQRT2, bias = 'learned' }: ConvolutionOptions,
): Node {
  const dimensions = x.shape.length - 2;
  const shape = [outputs, x.shape[1]!, ...new Array<number>(dimensions).fill(kernel)];
  const weight = scope('weight', shape, { deviation: gain / Math.sqrt(sizeOf(shape.slice(1))) });
  const padding = (kernel - 1) / 2;
  const convolved = conv(x, weight, geometry(dimensions, { stride, padding }));
  if (bias === 'none') return convolved;
  return add(convolved, alongChannels(scope('bias', [outputs], { constant: 0 }), x.shape.length));
}

/** x [n, c] -> [n, outputs]. */
export function linear(scope: Scope, x: Node, outputs: number): Node {
  const inputs = x.shape[1]!;
  const weight = scope('weight', [inputs, outputs], { deviation: 1 / Math.sqrt(inputs) });
  return add(matmul(x, weight), scope('bias', [outputs], { constant: 0 }));
}

/** Wu and He 2018; `groups` = channels is instance normalisation. */
export interface NormOptions {
  readonly groups: number;
  readonly epsilon?: number;
  /** [n, c] added after the affine map: a signal that holds for the whole image, such as the time. */
  readonly shift?: Node;
}

/**
 * Group normalisation as one affine map a channel: the statistics come from two sums over space, and everything between them and the
 * map is of size [n, c]. Differentiated, this is the hand-derived gradient: one more affine map and two more sums.
 */
export function groupNorm(scope: Scope, x: Node, { groups, epsilon = 1e-5, shift }: NormOptions): Node {
  const [n, c, ...spatial] = x.shape;
  invariant(
    n !== undefined && c !== undefined && c % groups === 0,
    `${c} channels do not divide into ${groups} groups`,
  );
  const axes = spatial.map((_, axis) => axis + 2);
  const perGroup = (sums: Node): Node => sum(reshape(sums, [n, groups, c / groups]), [2]);
  const count = sizeOf(spatial) * (c / groups);
  const mean = mul(perGroup(sum(x, axes)), 1 / count);
  const meanSquare = mul(perGroup(sum(mul(x, x), axes)), 1 / count);
  const variance = max(sub(meanSquare, mul(mean, mean)), 0);
  const inverse = div(1, sqrt(add(variance, epsilon)));

  const grouped = (vector: Node): Node => reshape(vector, [1, groups, c / groups]);
  const slope = mul(grouped(scope('scale', [c], { constant: 1 })), inverse);
  const offset = sub(grouped(scope('bias', [c], { constant: 0 })), mul(slope, mean));
  const whole = (coefficients: Node): Node => reshape(coefficients, [n, c, ...spatial.map(() => 1)] satisfies Shape);
  const moved = shift ? add(whole(offset), whole(shift)) : whole(offset);
  return add(mul(x, whole(slope)), moved);
}
