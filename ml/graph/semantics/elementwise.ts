import { erf } from './erf.ts';
import { offsetOf, tabulate } from './indices.ts';
import type { ElementType, Node } from '../ops.ts';
import type { Kernels } from './kernel.ts';

const map = (valueOf: (x: number) => number) => (_: unknown, operands: readonly Float64Array[]) =>
  operands[0]!.map((x) => valueOf(x));

/** Operands of one rank, axes of size 1 broadcast. */
const zip =
  (valueOf: (a: number, b: number, c: number) => number) =>
  ({ shape, inputs }: Pick<Node, 'shape' | 'inputs'>, operands: readonly Float64Array[]) =>
    tabulate(shape, (index) => {
      const at = (i: number): number => (inputs[i] ? operands[i]![offsetOf(index, inputs[i].shape)]! : NaN);
      return valueOf(at(0), at(1), at(2));
    });

const sigmoid = (x: number): number => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));

/** Derivative of x * sigmoid(alpha * x). */
function swishDerivative(x: number, alpha: number): number {
  const s = sigmoid(alpha * x);
  return s + alpha * x * s * (1 - s);
}

/** To int32 the fraction is dropped; a bool says whether the value is not zero. */
const casts: Readonly<Record<ElementType, (x: number) => number>> = {
  float32: (x) => x,
  int32: Math.trunc,
  bool: (x) => Number(x !== 0),
};

export const elementwise = {
  neg: map((x) => -x),
  exp: map(Math.exp),
  log: map(Math.log),
  sqrt: map(Math.sqrt),
  abs: map(Math.abs),
  sign: map(Math.sign),
  sigmoid: map(sigmoid),
  tanh: map(Math.tanh),
  erf: map(erf),
  sin: map(Math.sin),
  cos: map(Math.cos),
  swish: ({ attributes: { alpha } }, [x]) => x!.map((value) => value * sigmoid(alpha * value)),
  swishGradient: ({ attributes: { alpha } }, [x, gradient]) =>
    x!.map((value, i) => gradient![i]! * swishDerivative(value, alpha)),
  stopGradient: map((x) => x),
  add: zip((a, b) => a + b),
  sub: zip((a, b) => a - b),
  mul: zip((a, b) => a * b),
  div: zip((a, b) => a / b),
  max: zip((a, b) => Math.max(a, b)),
  min: zip((a, b) => Math.min(a, b)),
  less: zip((a, b) => Number(a < b)),
  equal: zip((a, b) => Number(a === b)),
  select: zip((condition, a, b) => (condition === 0 ? b : a)),
  cast: ({ attributes: { to } }, [x]) => x!.map((value) => casts[to](value)),
} satisfies Partial<Kernels>;
