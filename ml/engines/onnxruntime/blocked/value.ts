import type { Node } from '../../../graph/ops.ts';
import type { Lowerer } from './lowerer.ts';

/** Names of what holds a node's value, in one form. */
export type Value =
  | { readonly kind: 'plain' | 'weights'; readonly name: string }
  | { readonly kind: 'cells'; readonly names: readonly string[] };

/** How one node is computed: the nodes that must be there before, and the emission. */
export interface Step {
  readonly needs: readonly Node[];
  emit(lowerer: Lowerer): Value;
}
