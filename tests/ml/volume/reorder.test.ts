import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Grid } from '../../../ml/volume/grid.ts';
import { canonicalOrder, orientationCode } from '../../../ml/volume/orientation.ts';
import { inverseOrder, reorder, reorderGrid } from '../../../ml/volume/reorder.ts';
import { resample } from '../../../ml/volume/resample.ts';
import { sameGrid } from '../../../ml/volume/difference.ts';
import { axisDirections, grids, multiply, numbered, rotation } from './grids.ts';

const base = { shape: [3, 4, 5], spacing: [1, 2, 3], unit: 'mm', origin: [7, 8, 9] } as const;

describe('orientationCode', () => {
  it('names all 48 orders of axes differently, and the identity LPS', () => {
    const codes = axisDirections.map((direction) => orientationCode({ ...base, direction }));
    expect(new Set(codes).size).toBe(48);
    expect(codes[0]).toBe('LPS');
    expect(orientationCode({ ...base, direction: [-1, 0, 0, 0, -1, 0, 0, 0, 1] })).toBe('RAS');
    // i runs to the head, j to the left, k to the back.
    expect(orientationCode({ ...base, direction: [0, 1, 0, 0, 0, 1, 1, 0, 0] })).toBe('SLP');
  });

  it('does not change when a grid is turned by 20 degrees', () => {
    for (const direction of axisDirections) {
      const turned: Grid = { ...base, direction: multiply(rotation(0.2, -0.2, 0.2), direction) };
      expect(orientationCode(turned)).toBe(orientationCode({ ...base, direction }));
    }
  });

  it('names every patient axis once, even at 45 degrees', () => {
    fc.assert(
      fc.property(grids(), (grid) => {
        const code = orientationCode(grid);
        expect([/[LR]/, /[AP]/, /[SI]/].every((axis) => axis.test(code))).toBe(true);
      }),
    );
    expect(orientationCode({ ...base, direction: rotation(Math.PI / 4, 0, 0) })).toHaveLength(3);
  });
});

describe('reorder', () => {
  it('to the canonical order gives LPS, leaves every voxel where it was, and is undone exactly', () => {
    fc.assert(
      fc.property(grids(), fc.integer({ min: 1, max: 2 }), (grid, channels) => {
        const volume = numbered(grid, channels);
        const order = canonicalOrder(grid);
        const canonical = reorder(volume, order);
        expect(orientationCode(canonical.grid)).toBe('LPS');
        expect(resample(volume, canonical.grid, 'nearest').data).toEqual(canonical.data);
        const back = reorder(canonical, inverseOrder(order));
        expect(back.data).toEqual(volume.data);
        expect(back.grid.shape).toEqual(grid.shape);
        expect(sameGrid(back.grid, grid)).toBe(true);
      }),
    );
  });

  it('does nothing to a canonical grid', () => {
    const grid: Grid = { ...base, direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] };
    expect(reorderGrid(grid, canonicalOrder(grid))).toEqual(grid);
  });
});
