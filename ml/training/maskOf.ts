import { concat, oneHot, sliceAxis } from '../graph/arrays.ts';
import { add } from '../graph/elementwise.ts';
import type { Node } from '../graph/ops.ts';

/** For each class of a network the label classes that belong to it; a label class may belong to several or to none. */
export type Regions = readonly (readonly number[])[];

/** The mask [n, k, ...s] of 0 and 1 that a label map shows, int32 [n, 1, ...s] of label classes. */
export function maskOf(label: Node, regions: Regions): Node {
  const labelClasses = oneHot(label, 1 + Math.max(...regions.flat()));
  const channel = (at: number): Node => sliceAxis(labelClasses, 1, at, at + 1);
  return concat(
    regions.map((members) => members.map(channel).reduce((union, next) => add(union, next))),
    1,
  );
}
