import { describe, expect, it } from 'vitest';
import { Problem } from '../../../ml/check/problem.ts';
import type { Labels } from '../../../renderer/editing/labels.ts';
import { voxelAt, withRoomFor } from '../../../renderer/editing/labels.ts';
import { millilitres } from '../../../renderer/editing/statistics.ts';
import {
  addStructure,
  lockedLabels,
  lockStructure,
  recolourStructure,
  removeStructure,
  renameStructure,
} from '../../../renderer/editing/structures.ts';
import { worldPoint } from '../../../ml/volume/space.ts';
import { blobs } from './volumes.ts';

const two = addStructure(addStructure([], 'Liver'), ' Kidney ');

describe('structures', () => {
  it('are added with the lowest free label and a colour of their own', () => {
    expect(two.map(({ value, name, locked }) => [value, name, locked])).toEqual([
      [1, 'Liver', false],
      [2, 'Kidney', false],
    ]);
    expect(two[0]?.colour).not.toBe(two[1]?.colour);
    expect(addStructure(removeStructure(two, 1), 'Spleen').map(({ value }) => value)).toEqual([2, 1]);
  });

  it('are renamed, recoloured and locked, the others staying as they are', () => {
    const changed = lockStructure(recolourStructure(renameStructure(two, 2, 'Left kidney'), 2, '#102030'), 2, true);
    expect(changed).toEqual([two[0], { value: 2, name: 'Left kidney', colour: '#102030', locked: true }]);
    expect(lockedLabels(changed)).toEqual(new Set([2]));
    expect(renameStructure(two, 2, 'Kidney')).toEqual(two);
  });

  it.each([
    ['an empty name', () => renameStructure(two, 1, '  ')],
    ['the name of another', () => addStructure(two, 'Kidney')],
    ['what is no colour', () => recolourStructure(two, 1, 'red')],
  ])('refuse %s', (_, change) => {
    expect(change).toThrow(Problem);
  });

  it('are at most 65,535', () => {
    const all = Array.from({ length: 65_535 }, (_, n) => ({
      value: n + 1,
      name: `${n}`,
      colour: '#000000',
      locked: false,
    }));
    expect(() => addStructure(all, 'one more')).toThrow(Problem);
  });
});

describe('labels', () => {
  it('get wider voxels only where a label needs them', () => {
    const labels = blobs();
    expect(withRoomFor(labels, 255)).toBe(labels);
    const wide = withRoomFor(labels, 256);
    expect(wide.data).toEqual(Uint16Array.from(labels.data));
    expect(withRoomFor(wide, 256)).toBe(wide);
  });

  it('have a volume only where the file knows the size of voxels', () => {
    const labels = blobs();
    expect(millilitres(labels, 1000)).toBeCloseTo(0.8 * 1.3 * 2.5, 12);
    const sizeless: Labels = { ...labels, grid: { ...labels.grid, unit: 'voxel' } };
    expect(millilitres(sizeless, 1000)).toBeUndefined();
  });

  it('are found by a place, up to half a voxel beyond the outermost centres', () => {
    const grid = { ...blobs().grid, origin: [0, 0, 0], direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] } as const;
    expect(voxelAt(grid, worldPoint(1.5, 3, -1.2))).toEqual([2, 2, -0]);
    expect(voxelAt(grid, worldPoint(-0.41, 0, 0))).toBeUndefined();
    expect(voxelAt(grid, worldPoint(0, 0, 26.3))).toBeUndefined();
  });
});
