import { valuesOf } from '../sources.ts';
import { convolving } from './convolving.ts';
import { elementwise } from './elementwise.ts';
import { moving } from './moving.ts';
import { reducing } from './reducing.ts';
import type { NodeOf } from '../ops.ts';
import type { Computed, Kernels } from './kernel.ts';

/** The meaning of every primitive: plain float64, slow and obvious. What any engine computes is held against this. */
const kernels: Kernels = {
  constant: (node) => Float64Array.from(valuesOf(node)),
  ...elementwise,
  ...moving,
  ...reducing,
  ...convolving,
};

/** The values of one node, row-major, from those of its operands. */
export const compute = <K extends Computed>(node: NodeOf<K>, operands: readonly Float64Array[]): Float64Array =>
  kernels[node.op](node, operands);
