import { sameShape } from '../shape.ts';
import { splat } from '../sources.ts';
import type { Node } from '../ops.ts';

/** The other operand and the value, of a sum or product by one number. */
export function byNumber(node: Node, op: 'add' | 'mul'): readonly [x: Node, value: number] | undefined {
  if (node.op !== op) return undefined;
  const [a, b] = [node.inputs[0]!, node.inputs[1]!];
  const [left, right] = [splat(a), splat(b)];
  if (right !== undefined && sameShape(a.shape, node.shape)) return [a, right];
  return left !== undefined && sameShape(b.shape, node.shape) ? [b, left] : undefined;
}
