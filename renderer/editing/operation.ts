import { byCorners } from '../../ml/volume/connectedParts.ts';
import type { LabelDiff } from './diff.ts';
import { type Flood, floodFill } from './flood.ts';
import { fillHoles } from './holes.ts';
import { keepLargestIsland } from './islands.ts';
import type { EditRules, Labels } from './labels.ts';
import { grow, shrink } from './margin.ts';

/** What is done to the whole of a structure: plain data, so that it can be sent to where it is done. */
export type Operation =
  | { readonly kind: 'largest island' | 'fill holes'; readonly label: number }
  /** @property distance In the grid's unit (mm). */
  | { readonly kind: 'grow' | 'shrink'; readonly label: number; readonly distance: number }
  | ({ readonly kind: 'flood' } & Flood);

/** Everything that an operation needs. */
export interface OperationRequest {
  readonly labels: Labels;
  readonly operation: Operation;
  readonly rules: EditRules;
}

/** Does an operation; the labels are written in place. */
export function operate({ labels, operation, rules }: OperationRequest): LabelDiff {
  const { label } = operation;
  switch (operation.kind) {
    case 'largest island':
      return keepLargestIsland(labels, label, byCorners, rules);
    case 'fill holes':
      return fillHoles(labels, label, 'volume', rules);
    case 'grow':
      return grow(labels, label, operation.distance, rules);
    case 'shrink':
      return shrink(labels, label, operation.distance, rules);
    case 'flood':
      return floodFill(labels, operation, rules);
  }
}
