import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byFaces } from '../../../ml/volume/connectedParts.ts';
import { indexPoint, indexToWorld } from '../../../ml/volume/space.ts';
import { Stroke } from '../../../renderer/editing/brush.ts';
import { clearStructure } from '../../../renderer/editing/clear.ts';
import { applyDiff, invertDiff, type LabelDiff } from '../../../renderer/editing/diff.ts';
import { floodFill } from '../../../renderer/editing/flood.ts';
import { fillHoles } from '../../../renderer/editing/holes.ts';
import { keepLargestIsland, removeSmallIslands } from '../../../renderer/editing/islands.ts';
import type { EditRules, Labels } from '../../../renderer/editing/labels.ts';
import { grow, shrink, smooth } from '../../../renderer/editing/margin.ts';
import { copyOf, free, labelVolumes } from './volumes.ts';

type Operation = (labels: Labels, label: number, rules: EditRules) => LabelDiff;

const seed = indexPoint(0, 0, 0);
const operations: Readonly<Record<string, Operation>> = {
  brush: (labels, label, rules) =>
    new Stroke(labels, { radius: 8, tip: 'ball', label }, rules).moveTo(indexToWorld(labels.grid, seed)),
  eraser: (labels, _, rules) =>
    new Stroke(labels, { radius: 8, tip: 'ball', label: 0 }, rules).moveTo(indexToWorld(labels.grid, seed)),
  'flood fill': (labels, label, rules) => floodFill(labels, { seed, label, extent: 'volume' }, rules),
  'fill holes': (labels, label, rules) => fillHoles(labels, label, { slicesAcross: 2 }, rules),
  'keep largest island': (labels, label, rules) => keepLargestIsland(labels, label, byFaces, rules),
  'remove small islands': (labels, label, rules) => removeSmallIslands(labels, label, byFaces, 4, rules),
  grow: (labels, label, rules) => grow(labels, label, 5, rules),
  shrink: (labels, label, rules) => shrink(labels, label, 3, rules),
  smooth: (labels, label, rules) => smooth(labels, label, 3, rules),
  clear: (labels, label, rules) => clearStructure(labels, label, rules),
};

const named = Object.entries(operations);
const label = fc.integer({ min: 1, max: 3 });

describe.each(named)('%s', (_, operate) => {
  it('says exactly what it changed', () => {
    fc.assert(
      fc.property(labelVolumes, label, (labels, value) => {
        const before = copyOf(labels);
        const diff = operate(labels, value, free);
        const redone = copyOf(before);
        applyDiff(redone, diff);
        expect(redone.data).toEqual(labels.data);
        applyDiff(redone, invertDiff(diff));
        expect(redone.data).toEqual(before.data);
      }),
    );
  });

  it('neither takes a voxel from a locked structure nor gives it one', () => {
    fc.assert(
      fc.property(labelVolumes, label, fc.uniqueArray(label), (labels, value, locks) => {
        const before = copyOf(labels);
        operate(labels, value, { ...free, locked: new Set(locks) });
        for (const [voxel, now] of labels.data.entries())
          for (const lock of locks) expect(now === lock).toBe(before.data[voxel] === lock);
      }),
    );
  });

  it('changes only voxels whose image value is in the range', () => {
    fc.assert(
      fc.property(labelVolumes, label, (labels, value) => {
        const before = copyOf(labels);
        const values = Int16Array.from(labels.data, (_one, n) => ((n * 7) % 20) - 10);
        operate(labels, value, { ...free, range: { values, low: -3, high: 4 } });
        for (const [voxel, now] of labels.data.entries())
          if (now !== before.data[voxel]) expect(Math.abs(values[voxel]! - 0.5)).toBeLessThanOrEqual(3.5);
      }),
    );
  });
});

const adding = named.filter(([name]) => ['brush', 'flood fill', 'fill holes', 'grow'].includes(name));

describe.each(adding)('%s', (_, operate) => {
  it('overwrites only what it may', () => {
    fc.assert(
      fc.property(labelVolumes, label, fc.uniqueArray(fc.nat(3)), (labels, value, others) => {
        for (const overwrite of ['background', new Set(others)] as const) {
          const before = copyOf(labels);
          operate(labels, value, { ...free, overwrite });
          const may = overwrite === 'background' ? [0] : others;
          for (const [voxel, now] of labels.data.entries())
            if (now !== before.data[voxel]) expect(may).toContain(before.data[voxel]);
        }
      }),
    );
  });
});
