import { invariant } from '../../../check/invariant.ts';
import type { ConvGeometry, Shape } from '../../../graph/ops.ts';

export type Triple = readonly [depth: number, height: number, width: number];

/** [n, c, (d,) h, w] with its axes named; a plane has depth 1. */
export interface Image {
  readonly n: number;
  readonly c: number;
  readonly space: Triple;
}

/** A convolution's window over depth, height and width; a plane has the window of one slice. */
export interface Window {
  readonly kernel: Triple;
  readonly stride: Triple;
  readonly before: Triple;
  readonly after: Triple;
}

export const isImage = (shape: Shape): boolean => shape.length === 4 || shape.length === 5;

export function imageOf(shape: Shape): Image {
  const [n, c, ...spatial] = shape;
  return { n: n!, c: c!, space: triple(spatial, 1) };
}

/** One entry a spatial axis, with `missing` for the depth of a plane. */
export function triple(values: readonly number[], missing: number): Triple {
  invariant(values.length === 2 || values.length === 3, `${values.length} spatial axes are not blocked`);
  return values.length === 2 ? [missing, values[0]!, values[1]!] : [values[0]!, values[1]!, values[2]!];
}

export const windowOf = ({ stride, padding }: ConvGeometry, kernel: readonly number[]): Window => ({
  kernel: triple(kernel, 1),
  stride: triple(stride, 1),
  before: triple(
    padding.map(([before]) => before),
    0,
  ),
  after: triple(
    padding.map(([, after]) => after),
    0,
  ),
});

/** A tensor of channels has one cell for each sample and depth slice, in this order. */
export const cellsOf = ({ n, space: [depth] }: Image): number => n * depth;

export const roundUp = (count: number, block: number): number => Math.ceil(count / block) * block;

/** Slices of the operand that one slice of the result is made of, with the tap that each is under. */
export function depthTaps(
  z: number,
  depth: number,
  { kernel: [kernel], stride: [stride], before: [before] }: Window,
): readonly { readonly tap: number; readonly from: number }[] {
  return Array.from({ length: kernel }, (_, tap) => ({ tap, from: z * stride + tap - before })).filter(
    ({ from }) => from >= 0 && from < depth,
  );
}
