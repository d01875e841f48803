import type { NodeOf, OpKind } from '../ops.ts';

/** Every primitive but the one whose values come from outside the graph. */
export type Computed = Exclude<OpKind, 'input'>;

/**
 * What a primitive computes, in float64: from a node and the values of its operands (row-major, in the shapes of `node.inputs`) its
 * own values. int32 and bool are held as numbers; bool is 0 or 1.
 */
type Kernel<K extends Computed> = (node: NodeOf<K>, operands: readonly Float64Array[]) => Float64Array;

export type Kernels = { readonly [K in Computed]: Kernel<K> };
