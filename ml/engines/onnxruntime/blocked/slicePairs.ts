// Winograd's minimal filtering F(2, 3) along the depth (Lavin and Gray 2016, section 4.1). Where three taps g0 g1 g2 meet the slices
// s0 s1 s2 s3, two neighbouring slices of the result take four convolutions of planes instead of six:
//   first = m1 + m2 + (s2 - s0) * -g0      m1 = (s1 + s2) * (g0 + g1 + g2) / 2
//   second = m1 - m2 + (s1 - s3) * -g2     m2 = (s2 - s1) * (g0 - g1 + g2) / 2
// The signs are such that s0 and s3 cost nothing where they lie outside. The gradient by the taps is the transpose.
import { cellsOf, depthTaps, type Image, type Window } from './image.ts';
import type { Lowerer } from './lowerer.ts';

/** Slices under a pair of results. */
export type SlicesOfPair = readonly [
  before: string | undefined,
  first: string,
  second: string,
  after: string | undefined,
];

export type Four = readonly [string, string, string, string];

const filterTransform = [
  [-1, 0, 0],
  [0.5, 0.5, 0.5],
  [0.5, -0.5, 0.5],
  [0, 0, -1],
] as const;

/** Gradients by the three taps, from what a pair's four operands gave with: first, first + second, second - first, second. */
const gradientTransform = [0, 1, 2].map((tap) => filterTransform.map((row, i) => (i === 2 ? -row[tap]! : row[tap]!)));

/** Multiplications that must be saved for each number that is read or written more. */
const worthwhile = 10;

/** Whether pairs of slices save more than they cost, for filters of the window between these images. */
export function pairsSave({ kernel, stride }: Window, operand: Image, result: Image): boolean {
  if (kernel[0] !== 3 || stride[0] !== 1) return false;
  const filter = operand.c * result.c * kernel[1] * kernel[2];
  const pixels = cellsOf(result) * result.space[1] * result.space[2];
  const moved = 3 * pixels * (2 * operand.c + result.c) + 11 * filter;
  return pixels * filter > worthwhile * moved;
}

/** The slices under the results z and z + 1 of one sample; undefined where they make no pair. */
export function slicesOfPair(
  z: number,
  slices: number,
  operands: readonly string[],
  window: Window,
): SlicesOfPair | undefined {
  if (z + 1 >= slices) return undefined;
  const under = (result: number, tap: number): string | undefined =>
    operands[depthTaps(result, operands.length, window).find((met) => met.tap === tap)?.from ?? -1];
  const [first, second] = [under(z, 1), under(z, 2)];
  return first !== undefined && second !== undefined ? [under(z, 0), first, second, under(z + 1, 2)] : undefined;
}

/** From filters [3 * o, i, kh, kw] to the four of a pair. */
export function filtersOfPair(lowerer: Lowerer, filters: string, [outputs, ...rest]: readonly number[]): Four {
  const flat = lowerer.reshape(filters, [3, (outputs! / 3) * rest.reduce((a, b) => a * b)]);
  const transformed = transform(lowerer, filterTransform, flat);
  const [before, sum, difference, after] = lowerer.split(
    lowerer.reshape(transformed, [(4 * outputs!) / 3, ...rest]),
    4,
  );
  return [before!, sum!, difference!, after!];
}

/** What the four filters are applied to. */
export const operandsOfPair = (lowerer: Lowerer, [before, first, second, after]: SlicesOfPair): Four => [
  before === undefined ? second : minus(lowerer, second, before),
  plus(lowerer, first, second),
  minus(lowerer, second, first),
  after === undefined ? first : minus(lowerer, first, after),
];

/** What the gradients by a pair of results are for the four products. */
export const gradientsOfPair = (lowerer: Lowerer, first: string, second: string): Four => [
  first,
  plus(lowerer, first, second),
  minus(lowerer, second, first),
  second,
];

/** Gradients by three taps: from seven, of the taps themselves and of the four products of pairs, or from the four alone. */
export function gradientsOfTaps(lowerer: Lowerer, parts: readonly string[], size: number): string {
  const single = (tap: number) => [0, 1, 2].map((other) => Number(other === tap));
  const matrix = gradientTransform.map((row, tap) => (parts.length === 7 ? [...single(tap), ...row] : row));
  return transform(lowerer, matrix, lowerer.reshape(lowerer.join(parts), [parts.length, size]));
}

export const plus = (lowerer: Lowerer, a: string, b: string): string =>
  lowerer.once(`${a} plus ${b}`, () => lowerer.emitter.emit('Add', [a, b]));

export const minus = (lowerer: Lowerer, a: string, b: string): string =>
  lowerer.once(`${a} minus ${b}`, () => lowerer.emitter.emit('Sub', [a, b]));

function transform({ emitter }: Lowerer, matrix: readonly (readonly number[])[], flat: string): string {
  return emitter.emit('MatMul', [emitter.float(matrix.flat(), [matrix.length, matrix[0]!.length]), flat]);
}
