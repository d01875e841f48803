// What shape rules ask of operands and attributes: each throws where it is not met.
import { invariant } from '../check/invariant.ts';
import type { Shape, TensorType } from './ops.ts';

export function needCount(operands: readonly TensorType[], count: number): void {
  invariant(operands.length === count, `takes ${count} operands, not ${operands.length}`);
}

/** The operand of a primitive that takes one, of any type. */
export function single(operands: readonly TensorType[]): TensorType {
  needCount(operands, 1);
  return operands[0]!;
}

export function needFloat(operands: readonly TensorType[], count: number): void {
  needCount(operands, count);
  for (const { type } of operands) invariant(type === 'float32', `takes float32, not ${type}`);
}

export function needIndices(operands: readonly TensorType[]): readonly [TensorType, TensorType] {
  const [x, indices] = operands;
  invariant(
    x && operands.length === 2 && indices?.type === 'int32' && indices.shape.length === 1,
    'takes x and int32 [m]',
  );
  return [x, indices];
}

export function needAxes(shape: Shape, axes: readonly number[]): void {
  for (const axis of axes)
    invariant(
      Number.isInteger(axis) && axis >= 0 && axis < shape.length,
      `axis ${axis} is not of [${shape.join(', ')}]`,
    );
  invariant(new Set(axes).size === axes.length, 'an axis is named twice');
}

export function needEach(name: string, values: readonly number[], rank: number, least: number): void {
  invariant(
    values.length === rank && values.every((value) => Number.isInteger(value) && value >= least),
    `${name} [${values.join(', ')}] needs ${rank} integers of at least ${least}`,
  );
}
