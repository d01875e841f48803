import type { Additions } from './slices.ts';
import type { Lowerer } from './lowerer.ts';
import type { Node } from '../../../graph/ops.ts';

/** Computes cells, and on the way adds what a linear combination has beside them. */
export interface Producer {
  readonly needs: readonly Node[];
  emit(lowerer: Lowerer, additions: Additions): readonly string[];
}
