import { broadcastTo } from '../arrays.ts';
import { add, mul, neg, sub } from '../elementwise.ts';
import { broadcastShapes, sameShape } from '../shape.ts';
import { constant, splat } from '../sources.ts';
import { byNumber } from './byNumber.ts';
import { withOperands } from './withOperands.ts';
import type { Node } from '../ops.ts';
import type { IsOwn, Rules } from './rule.ts';

/** A rule of a primitive with two operands. */
const binary =
  (...attempts: readonly ((node: Node, a: Node, b: Node, isOwn: IsOwn) => Node | undefined)[]) =>
  (node: Node, isOwn: IsOwn): Node | undefined => {
    const [a, b] = [node.inputs[0]!, node.inputs[1]!];
    for (const attempt of attempts) {
      const next = attempt(node, a, b, isOwn);
      if (next) return next;
    }
    return withoutBroadcasts(node);
  };

/** Broadcasting is implied by an elementwise primitive: an operand need not be repeated while another one is as large. */
function withoutBroadcasts(node: Node): Node | undefined {
  for (const [i, operand] of node.inputs.entries()) {
    const small = unrepeated(operand);
    if (small === operand) continue;
    const operands = node.inputs.with(i, small);
    if (sameShape(broadcastShapes(...operands.map(({ shape }) => shape)), node.shape))
      return withOperands(node, operands);
  }
  return undefined;
}

function unrepeated(node: Node): Node {
  if (node.op === 'broadcastTo') return node.inputs[0]!;
  const value = splat(node);
  if (value === undefined || node.shape.every((extent) => extent === 1)) return node;
  return constant(
    [value],
    node.shape.map(() => 1),
    node.type,
  );
}

const negated = (node: Node): Node | undefined => (node.op === 'neg' ? node.inputs[0] : undefined);

const addRule = binary(
  (node, a, b) => (splat(b) === 0 ? broadcastTo(a, node.shape) : undefined),
  (node, a, b) => (splat(a) === 0 ? broadcastTo(b, node.shape) : undefined),
  (_, a, b) => negated(b) && sub(a, negated(b)!),
  (_, a, b) => negated(a) && sub(b, negated(a)!),
  (node) => {
    const outer = byNumber(node, 'add');
    const inner = outer && byNumber(outer[0], 'add');
    return inner && add(inner[0], inner[1] + outer[1]);
  },
  (_, a, b) => (a === b ? mul(a, 2) : undefined),
  // What flows back through both operands of x * x: (a + b) + b.
  (_, a, b, isOwn) => (a.op === 'add' && a.inputs[1] === b && isOwn(a) ? add(a.inputs[0]!, mul(b, 2)) : undefined),
);

const subRule = binary(
  (node, a, b) => (splat(b) === 0 ? broadcastTo(a, node.shape) : undefined),
  (node, a, b) => (splat(a) === 0 && sameShape(b.shape, node.shape) ? neg(b) : undefined),
  (_, a, b) => negated(b) && add(a, negated(b)!),
);

const mulRule = binary(
  (node, a, b) => (splat(a) === 0 || splat(b) === 0 ? constant([0], node.shape) : undefined),
  (node, a, b) => (splat(b) === 1 ? broadcastTo(a, node.shape) : undefined),
  (node, a, b) => (splat(a) === 1 ? broadcastTo(b, node.shape) : undefined),
  (_, a, b) => negated(a) && negated(b) && mul(negated(a)!, negated(b)!),
  (node) => {
    const [x, value] = byNumber(node, 'mul') ?? [];
    if (!x || value === undefined) return undefined;
    if (value === -1) return neg(x);
    if (negated(x)) return mul(negated(x)!, -value);
    const inner = byNumber(x, 'mul');
    return inner && mul(inner[0], inner[1] * value);
  },
  (node, _, __, isOwn) => {
    const [product, value] = byNumber(node, 'mul') ?? [];
    if (product?.op !== 'mul' || value === undefined || !isOwn(product)) return undefined;
    return scaleSmaller(product, value);
  },
);

/** (small * large) * number is (small * number) * large. */
function scaleSmaller({ inputs, shape }: Node, value: number): Node | undefined {
  const small = inputs.findIndex((operand) => !sameShape(operand.shape, shape));
  return small === -1 ? undefined : mul(mul(inputs[small]!, value), inputs[1 - small]!);
}

export const arithmeticRules: Rules = {
  add: addRule,
  sub: subRule,
  mul: mulRule,
  div: binary((node, a, b) => (splat(b) === 1 ? broadcastTo(a, node.shape) : undefined)),
  max: withoutBroadcasts,
  min: withoutBroadcasts,
  less: withoutBroadcasts,
  equal: withoutBroadcasts,
  neg: ({ inputs: [x] }) => {
    const twice = negated(x!);
    if (twice) return twice;
    if (x!.op === 'sub') return sub(x.inputs[1]!, x.inputs[0]!);
    const product = byNumber(x!, 'mul');
    return product && mul(product[0], -product[1]);
  },
  select: (node) => {
    const [condition, a, b] = [node.inputs[0]!, node.inputs[1]!, node.inputs[2]!];
    const known = splat(condition);
    if (known !== undefined) return broadcastTo(known === 0 ? b : a, node.shape);
    if (a === b) return broadcastTo(a, node.shape);
    return withoutBroadcasts(node);
  },
  cast: ({ inputs: [x], attributes: { to } }) => (x!.type === to ? x : undefined),
};
