import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RasAffine } from '../../../ml/volume/affine.ts';
import { gridFromRas, rasFromGrid } from '../../../ml/volume/affine.ts';
import { sameGrid } from '../../../ml/volume/difference.ts';
import { determinant } from '../../../ml/volume/matrix.ts';
import { grids } from './grids.ts';

describe('RAS affines', () => {
  it('bring back the grid they were made from', () => {
    fc.assert(
      fc.property(grids(), (grid) => {
        const fitted = gridFromRas(rasFromGrid(grid), grid.shape);
        expect(fitted && sameGrid(fitted.grid, grid)).toBe(true);
        expect(fitted?.displacement).toBeLessThan(1e-9);
      }),
    );
  });

  it('turns left and posterior round and nothing else', () => {
    const affine: RasAffine = [2, 0, 0, -10, 0, 3, 0, 20, 0, 0, 4, 30];
    expect(gridFromRas(affine, [5, 5, 5])?.grid).toEqual({
      shape: [5, 5, 5],
      spacing: [2, 3, 4],
      unit: 'mm',
      origin: [10, -20, 30],
      direction: [-1, 0, 0, 0, -1, 0, 0, 0, 1],
    });
  });

  it('repairs a sheared affine to orthonormal axes and says how far voxels moved', () => {
    // A gantry tilt of 15 degrees: slices shift along y as they go up.
    const affine: RasAffine = [1, 0, 0, 0, 0, 1, 2 * Math.tan(Math.PI / 12), 0, 0, 0, 2, 0];
    const fitted = gridFromRas(affine, [10, 10, 21]);
    const d = fitted?.grid.direction ?? [0, 0, 0, 0, 0, 0, 0, 0, 0];
    expect(determinant(d)).toBeCloseTo(1, 12);
    expect(d[0] * d[1] + d[3] * d[4] + d[6] * d[7]).toBeCloseTo(0, 12);
    expect(d[1] * d[2] + d[4] * d[5] + d[7] * d[8]).toBeCloseTo(0, 12);
    expect(fitted?.displacement).toBeGreaterThan(3);
    expect(fitted?.displacement).toBeLessThan(11);
  });

  it('refuses a singular affine and one with a hole', () => {
    expect(gridFromRas([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0], [2, 2, 2])).toBeUndefined();
    expect(gridFromRas([1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0], [2, 2, 2])).toBeUndefined();
    expect(gridFromRas([1, 0, 0, NaN, 0, 1, 0, 0, 0, 0, 1, 0], [2, 2, 2])).toBeUndefined();
  });
});
