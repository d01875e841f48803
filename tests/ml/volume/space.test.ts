import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexPoint, indexToWorld, worldPoint, worldToIndex } from '../../../ml/volume/space.ts';
import { voxelVolume } from '../../../ml/volume/grid.ts';
import { grids } from './grids.ts';

describe('spaces', () => {
  it('worldToIndex undoes indexToWorld for any grid and index', () => {
    const index = fc.double({ min: -50, max: 50, noNaN: true });
    fc.assert(
      fc.property(grids(), index, index, index, (grid, i, j, k) => {
        const back = worldToIndex(grid, indexToWorld(grid, indexPoint(i, j, k)));
        [i, j, k].forEach((value, axis) => {
          expect(back[axis]).toBeCloseTo(value, 8);
        });
      }),
    );
  });

  it('the origin is the centre of the first voxel, and a step along an axis is one spacing long', () => {
    fc.assert(
      fc.property(grids(), (grid) => {
        expect(indexToWorld(grid, indexPoint(0, 0, 0))).toEqual(grid.origin);
        const step = indexToWorld(grid, indexPoint(0, 1, 0)).map((value, n) => value - (grid.origin[n] ?? 0));
        expect(Math.hypot(...step)).toBeCloseTo(grid.spacing[1], 9);
      }),
    );
  });

  it('does not take a world point for an index point', () => {
    const grid = { shape: [2, 2, 2], spacing: [1, 2, 3], unit: 'mm', origin: [0, 0, 0] } as const;
    const whole = { ...grid, direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] } as const;
    // @ts-expect-error a world point is not an index point
    indexToWorld(whole, worldPoint(1, 2, 3));
    // @ts-expect-error an index point is not a world point
    worldToIndex(whole, indexPoint(1, 2, 3));
    expect(voxelVolume(whole)).toBe(6);
  });
});
