// Elementwise building blocks. Operands of unequal rank are aligned at the last axis, as NumPy does; numbers become constants.
import { constant } from './sources.ts';
import { makeNode } from './node.ts';
import { sizeOf } from './shape.ts';
import type { ElementType, Node, OpKind } from './ops.ts';

export type Operand = Node | number;

type Unary = 'neg' | 'exp' | 'log' | 'sqrt' | 'abs' | 'sign' | 'sigmoid' | 'tanh' | 'erf' | 'sin' | 'cos';
type Binary = 'add' | 'sub' | 'mul' | 'div' | 'max' | 'min' | 'less' | 'equal';

const unary =
  (op: Unary & OpKind) =>
  (x: Node): Node =>
    makeNode(op, [x], {});

/** Gives all operands one rank, as nodes. A number takes the type of the first node. */
function align(operands: readonly Operand[]): readonly Node[] {
  const nodes = operands.filter((operand) => typeof operand !== 'number');
  const type = nodes[0]?.type ?? 'float32';
  const rank = Math.max(0, ...nodes.map(({ shape }) => shape.length));
  return operands.map((operand) => {
    if (typeof operand === 'number') return constant([operand], new Array<number>(rank).fill(1), type);
    const missing = rank - operand.shape.length;
    if (missing === 0) return operand;
    return makeNode('reshape', [operand], { shape: [...new Array<number>(missing).fill(1), ...operand.shape] });
  });
}

const binary =
  (op: Binary & OpKind) =>
  (a: Operand, b: Operand): Node =>
    makeNode(op, align([a, b]), {});

export const neg = unary('neg');
export const exp = unary('exp');
export const log = unary('log');
export const sqrt = unary('sqrt');
export const abs = unary('abs');
export const sign = unary('sign');
export const sigmoid = unary('sigmoid');
export const tanh = unary('tanh');
const erf = unary('erf');
export const sin = unary('sin');
export const cos = unary('cos');

export const add = binary('add');
export const sub = binary('sub');
export const mul = binary('mul');
export const div = binary('div');
export const max = binary('max');
export const min = binary('min');
export const less = binary('less');
export const equal = binary('equal');

export const square = (x: Node): Node => mul(x, x);

export const swish = (x: Node, alpha = 1): Node => makeNode('swish', [x], { alpha });

/** x * Phi(x), exact (Hendrycks and Gimpel 2016, section 2). */
export const gelu = (x: Node): Node => mul(mul(x, 0.5), add(erf(mul(x, Math.SQRT1_2)), 1));

export const stopGradient = (x: Node): Node => makeNode('stopGradient', [x], {});

/** `a` where `condition` (bool) holds, else `b`; a number takes the type of the other branch. */
export function select(condition: Node, a: Operand, b: Operand): Node {
  const branches = align([a, b]);
  const rank = Math.max(condition.shape.length, branches[0]!.shape.length);
  const lift = (x: Node): Node =>
    x.shape.length === rank
      ? x
      : makeNode('reshape', [x], { shape: [...new Array<number>(rank - x.shape.length).fill(1), ...x.shape] });
  return makeNode('select', [lift(condition), ...branches.map(lift)], {});
}

export const cast = (x: Node, to: ElementType): Node => (x.type === to ? x : makeNode('cast', [x], { to }));

/** Mean of every value, with all axes kept at size 1. */
export const meanOf = (x: Node): Node =>
  mul(makeNode('sum', [x], { axes: x.shape.map((_, axis) => axis) }), 1 / sizeOf(x.shape));
