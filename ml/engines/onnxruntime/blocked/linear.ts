import { add, div, mul, type Operand } from '../../../graph/elementwise.ts';
import { sameShape } from '../../../graph/shape.ts';
import { splat } from '../../../graph/sources.ts';
import { isPerChannel } from './forms.ts';
import { producerOf } from './producers.ts';
import type { Scope } from './scope.ts';
import type { Node } from '../../../graph/ops.ts';

/** A sum of images, each by a factor that is a number or has one value a channel, and an offset a channel. */
export interface Combination {
  readonly factors: ReadonlyMap<Node, Operand>;
  readonly offset: Operand;
  /** Nodes of the graph that factors and offset are made of. */
  readonly small: readonly Node[];
}

/** A node as linear combination, through the linear operations that only serve it; undefined where it is none itself. */
export const combinationOf = (node: Node, scope: Scope): Combination | undefined =>
  scope.isCells(node) ? open(node, scope) : undefined;

function open(node: Node, scope: Scope): Combination | undefined {
  const [a, b] = [node.inputs[0]!, node.inputs[1]!];
  const of = (operand: Node): Combination => part(operand, node, scope);
  switch (node.op) {
    case 'add':
      return plus(of(a), of(b));
    case 'sub':
      return plus(of(a), times(of(b), -1));
    case 'neg':
      return times(of(a), -1);
    case 'mul':
      if (isSmall(b)) return scaled(of(a), unrepeated(b));
      return isSmall(a) ? scaled(of(b), unrepeated(a)) : undefined;
    case 'div':
      return isSmall(b) ? scaled(of(a), div(1, unrepeated(b)), [unrepeated(b)]) : undefined;
    default:
      return undefined;
  }
}

function part(node: Node, whole: Node, scope: Scope): Combination {
  const small = unrepeated(node);
  if (isPerChannel(small)) return { factors: new Map(), offset: splat(small) ?? small, small: [small] };
  const opens = sameShape(node.shape, whole.shape) && serves(node, scope) && !producerOf(node, scope);
  const inner = opens ? combinationOf(node, scope) : undefined;
  return inner ?? { factors: new Map([[node, 1]]), offset: 0, small: [] };
}

/** Multiples are cheaper made again than written and read. */
const serves = (node: Node, scope: Scope): boolean => scope.hasOneUse(node) || node.op === 'mul' || node.op === 'neg';

const unrepeated = (node: Node): Node => (node.op === 'broadcastTo' ? node.inputs[0]! : node);

const isSmall = (node: Node): boolean => isPerChannel(unrepeated(node));

function plus(a: Combination, b: Combination): Combination {
  const factors = new Map(a.factors);
  for (const [image, factor] of b.factors) factors.set(image, sum(factors.get(image) ?? 0, factor));
  return { factors, offset: sum(a.offset, b.offset), small: [...a.small, ...b.small] };
}

const scaled = (combination: Combination, factor: Node, small: readonly Node[] = [factor]): Combination =>
  times({ ...combination, small: [...combination.small, ...small] }, splat(factor) ?? factor);

const times = ({ factors, offset, small }: Combination, by: Operand): Combination => ({
  factors: new Map([...factors].map(([image, factor]) => [image, product(factor, by)])),
  offset: product(offset, by),
  small,
});

function sum(a: Operand, b: Operand): Operand {
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  if (a === 0) return b;
  return b === 0 ? a : add(a, b);
}

function product(a: Operand, b: Operand): Operand {
  if (typeof a === 'number' && typeof b === 'number') return a * b;
  if (a === 0 || b === 0) return 0;
  if (a === 1) return b;
  return b === 1 ? a : mul(a, b);
}
