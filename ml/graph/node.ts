import { shapeRules } from './shapes.ts';
import type { Node, NodeOf, OpAttributes, OpKind } from './ops.ts';

/**
 * Makes one frozen node.
 *
 * @throws Error naming the primitive, its operands and what does not fit.
 */
export function makeNode<K extends OpKind>(op: K, inputs: readonly Node[], attributes: OpAttributes[K]): NodeOf<K> {
  return Object.freeze({
    op,
    inputs: Object.freeze([...inputs]),
    attributes: Object.freeze(attributes),
    ...inferType(op, inputs, attributes),
  });
}

/** Type and shape of a primitive's result. Throws where the operands or attributes do not fit. */
export function inferType<K extends OpKind>(op: K, inputs: readonly Node[], attributes: OpAttributes[K]) {
  try {
    const { type, shape } = shapeRules[op](inputs, attributes);
    return { type, shape: Object.freeze([...shape]) };
  } catch (cause) {
    const operands = inputs.map(({ type, shape }) => `${type} [${shape.join(', ')}]`).join(', ');
    throw new Error(`${op}(${operands}): ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
