import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gridDifference, sameGrid } from '../../../ml/volume/difference.ts';
import type { Grid } from '../../../ml/volume/grid.ts';
import { grids, multiply, rotation } from './grids.ts';

const grid: Grid = {
  shape: [40, 50, 30],
  spacing: [1, 1, 1.2],
  unit: 'mm',
  origin: [10, -20, 5],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};

describe('gridDifference', () => {
  it('finds a grid the same as itself rounded to float32', () => {
    const rounded = (g: Grid) => ({ ...g, direction: g.direction.map(Math.fround) as unknown as Grid['direction'] });
    fc.assert(fc.property(grids(40), (g) => sameGrid(g, rounded(g))));
  });

  it('lets corners be a twentieth of a voxel apart, and not a fifth', () => {
    const moved = (by: number): Grid => ({ ...grid, origin: [10 + by, -20, 5] });
    expect(gridDifference(grid, moved(0.05))).toBeUndefined();
    expect(gridDifference(grid, moved(0.2))).toBe('origin (10, -20, 5) and (10.2, -20, 5) mm');
  });

  it('names what differs', () => {
    expect(gridDifference(grid, { ...grid, shape: [40, 50, 31] })).toBe('shape 40 x 50 x 30 and 40 x 50 x 31');
    expect(gridDifference(grid, { ...grid, spacing: [1, 1, 1.3] })).toBe('spacing 1 x 1 x 1.2 and 1 x 1 x 1.3 mm');
    expect(gridDifference(grid, { ...grid, unit: 'voxel' })).toBe('unit mm and voxel');
    expect(gridDifference(grid, { ...grid, direction: multiply(rotation(0, 0, 0.1), grid.direction) })).toMatch(
      /^direction \[1 0 0 0 1 0 0 0 1\] and \[0\.995/,
    );
    expect(gridDifference(grid, { ...grid, spacing: [2, 1, 1.2], origin: [0, 0, 0] })).toMatch(/^spacing .*; origin /);
  });

  it('weighs a spacing by what it does over the whole image', () => {
    const finer: Grid = { ...grid, spacing: [1.001, 1, 1.2] };
    expect(sameGrid(grid, finer)).toBe(true);
    expect(sameGrid({ ...grid, shape: [400, 50, 30] }, { ...finer, shape: [400, 50, 30] })).toBe(false);
  });
});
