import { inferType } from '../node.ts';
import type { Node } from '../ops.ts';

/** The node on other operands; the node itself where they are the same, so that an unchanged graph stays the same objects. */
export const withOperands = (node: Node, operands: readonly Node[]): Node =>
  operands.every((operand, i) => operand === node.inputs[i])
    ? node
    : Object.freeze({
        ...node,
        inputs: Object.freeze([...operands]),
        ...inferType(node.op, operands, node.attributes),
      });
