import { invariant } from '../../check/invariant.ts';

/**
 * target = weightA a + weightB b, element by element, in float64 before the last rounding. The target may be one of the inputs.
 */
export function combine(
  weightA: number,
  a: Float32Array,
  weightB: number,
  b: Float32Array,
  target: Float32Array,
): Float32Array {
  invariant(
    a.length === b.length && a.length === target.length,
    `lengths ${a.length}, ${b.length}, ${target.length} differ`,
  );
  for (let i = 0; i < target.length; i++) target[i] = weightA * a[i]! + weightB * b[i]!;
  return target;
}
