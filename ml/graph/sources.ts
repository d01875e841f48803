import { makeNode } from './node.ts';
import { sizeOf } from './shape.ts';
import type { ElementType, Node, NodeOf, Shape } from './ops.ts';

/** A tensor given at run time under `name`. */
export const input = (name: string, shape: Shape, type: ElementType = 'float32'): NodeOf<'input'> =>
  makeNode('input', [], { name, shape, type });

/** Values in row-major order; a single one fills the shape. */
export const constant = (data: readonly number[], shape: Shape = [data.length], type: ElementType = 'float32'): Node =>
  makeNode('constant', [], { data: Object.freeze(shrink(data)), shape, type });

export const zeros = (shape: Shape): Node => constant([0], shape);

/** 0, 1, ... `size` - 1 as int32. */
export const iota = (size: number): Node =>
  constant(
    Array.from({ length: size }, (_, i) => i),
    [size],
    'int32',
  );

/** The value of a constant that is one number throughout. */
export function splat(node: Node): number | undefined {
  return node.op === 'constant' && node.attributes.data.length === 1 ? node.attributes.data[0] : undefined;
}

/** All values of a constant, row-major. */
export const valuesOf = ({ attributes: { data, shape } }: NodeOf<'constant'>): readonly number[] =>
  data.length === 1 ? new Array<number>(sizeOf(shape)).fill(data[0]!) : data;

const shrink = (data: readonly number[]): readonly number[] =>
  data.every((value) => Object.is(value, data[0])) ? data.slice(0, 1) : [...data];
