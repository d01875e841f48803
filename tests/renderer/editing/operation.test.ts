import { describe, expect, it } from 'vitest';
import { indexPoint } from '../../../ml/volume/space.ts';
import { floodFill } from '../../../renderer/editing/flood.ts';
import { fillHoles } from '../../../renderer/editing/holes.ts';
import { keepLargestIsland } from '../../../renderer/editing/islands.ts';
import { grow, shrink } from '../../../renderer/editing/margin.ts';
import { type Operation, operate } from '../../../renderer/editing/operation.ts';
import { applyStep } from '../../../renderer/editing/step.ts';
import { byCorners } from '../../../ml/volume/connectedParts.ts';
import { blobs, copyOf, free } from './volumes.ts';

const flood = { seed: indexPoint(0, 0, 0), label: 2, extent: 'volume' } as const;
const operations: readonly [Operation, (labels: ReturnType<typeof blobs>) => unknown][] = [
  [{ kind: 'largest island', label: 2 }, (labels) => keepLargestIsland(labels, 2, byCorners, free)],
  [{ kind: 'fill holes', label: 1 }, (labels) => fillHoles(labels, 1, 'volume', free)],
  [{ kind: 'grow', label: 2, distance: 2.6 }, (labels) => grow(labels, 2, 2.6, free)],
  [{ kind: 'shrink', label: 1, distance: 1 }, (labels) => shrink(labels, 1, 1, free)],
  [{ kind: 'flood', ...flood }, (labels) => floodFill(labels, flood, free)],
];

describe('operate', () => {
  it.each(operations)(
    'does $kind, on a copy as it was sent to a worker, and its changes do the same here',
    (operation, directly) => {
      const expected = blobs();
      directly(expected);
      expect(expected.data).not.toEqual(blobs().data);

      const here = blobs();
      const diff = operate(structuredClone({ labels: copyOf(here), operation, rules: free }));
      applyStep({ labels: here, structures: [] }, { name: operation.kind, diff });
      expect(here.data).toEqual(expected.data);
    },
  );
});
