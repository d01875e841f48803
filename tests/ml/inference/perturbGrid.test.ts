import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { perturbGrid } from '../../../ml/inference/perturbGrid.ts';
import { stream } from '../../../ml/random/stream.ts';
import { column, determinant, distance, dot } from '../../../ml/volume/matrix.ts';
import { indexPoint, indexToWorld } from '../../../ml/volume/space.ts';
import type { Grid } from '../../../ml/volume/grid.ts';

const grid: Grid = {
  shape: [31, 41, 21],
  spacing: [1, 1.5, 2],
  unit: 'mm',
  origin: [-20, 30, 7],
  direction: [0, 1, 0, -1, 0, 0, 0, 0, 1],
};
const centre = indexPoint(15, 20, 10);
const view = (dimensions: 2 | 3, seed: number) => perturbGrid(grid, dimensions, stream(seed, 'view'));
const seeds = fc.integer({ min: 0, max: 1000 });

describe('perturbGrid', () => {
  it('moves the centre by a voxel at most along each axis, and turns and scales about it', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { shape, spacing, direction, ...rest } = view(3, seed);
        expect(shape).toEqual(grid.shape);
        const there = indexToWorld({ shape, spacing, direction, ...rest }, centre);
        expect(distance(there, indexToWorld(grid, centre))).toBeLessThanOrEqual(Math.hypot(1, 1.5, 2));
        expect(determinant(direction)).toBeCloseTo(1, 12);
        // Three turns of 5 degrees about different axes.
        for (const axis of [0, 1, 2] as const) {
          const cosine = dot(column(direction, axis), column(grid.direction, axis));
          expect(cosine).toBeGreaterThan(Math.cos((2 * 5.001 * Math.PI) / 180));
          expect(Math.abs(spacing[axis] / grid.spacing[axis] - 1)).toBeLessThanOrEqual(0.05);
        }
      }),
    );
  });

  it('leaves slices where they are in two dimensions', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { spacing, direction, ...rest } = view(2, seed);
        expect(spacing[2]).toBe(grid.spacing[2]);
        expect(dot(column(direction, 2), column(grid.direction, 2))).toBeCloseTo(1, 12);
        const corner = indexToWorld({ ...rest, spacing, direction }, indexPoint(0, 40, 20));
        const before = indexToWorld(grid, indexPoint(0, 40, 20));
        expect(dot(corner, column(grid.direction, 2))).toBeCloseTo(dot(before, column(grid.direction, 2)), 9);
      }),
    );
  });

  it('draws another view from another stream, and the same from the same', () => {
    expect(view(3, 1)).toEqual(view(3, 1));
    expect(view(3, 1)).not.toEqual(view(3, 2));
  });
});
