import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Grid, Vector3 } from '../../../ml/volume/grid.ts';
import { resample } from '../../../ml/volume/resample.ts';
import { gridWithSpacing, resampleToSpacing } from '../../../ml/volume/resampleToSpacing.ts';
import { indexPoint, indexToWorld } from '../../../ml/volume/space.ts';
import { grids, numbered } from './grids.ts';

const factor = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const factors = (min: number, max: number) => fc.tuple(factor(min, max), factor(min, max), factor(min, max));
const times = (grid: Grid, [a, b, c]: Vector3): Vector3 => [
  grid.spacing[0] * a,
  grid.spacing[1] * b,
  grid.spacing[2] * c,
];
const centre = (grid: Grid) =>
  indexToWorld(grid, indexPoint((grid.shape[0] - 1) / 2, (grid.shape[1] - 1) / 2, (grid.shape[2] - 1) / 2));

describe('gridWithSpacing', () => {
  it('has exactly the spacing asked for, the same centre, and ends within half a new voxel of the old edge', () => {
    fc.assert(
      fc.property(grids(40), factors(0.2, 5), (grid, by) => {
        const spacing = times(grid, by);
        const target = gridWithSpacing(grid, spacing);
        expect(target.spacing).toEqual(spacing);
        centre(target).forEach((value, n) => {
          expect(value).toBeCloseTo(centre(grid)[n] ?? NaN, 8);
        });
        target.shape.forEach((count, n) => {
          const [before, now] = [(grid.shape[n] ?? NaN) * (grid.spacing[n] ?? NaN), count * (spacing[n] ?? NaN)];
          if (count > 1) expect(Math.abs(now - before) / 2).toBeLessThanOrEqual((spacing[n] ?? NaN) / 4 + 1e-9);
        });
      }),
    );
  });
});

describe('resampleToSpacing', () => {
  it('to finer voxels is linear interpolation', () => {
    fc.assert(
      fc.property(grids(), factors(0.3, 1), (grid, by) => {
        const volume = numbered(grid, 2);
        const ours = resampleToSpacing(volume, times(grid, by));
        const plain = resample(volume, ours.grid, 'linear');
        ours.data.forEach((value, n) => {
          expect(value).toBeCloseTo(plain.data[n] ?? NaN, 2);
        });
      }),
      { numRuns: 50 },
    );
  });

  it('keeps a constant constant and never leaves the range of the image', () => {
    fc.assert(
      fc.property(grids(), factors(0.3, 6), (grid, by) => {
        const volume = numbered(grid);
        const { data } = resampleToSpacing(volume, times(grid, by));
        const [low, high] = [Math.min(...volume.data), Math.max(...volume.data)];
        expect(data.every((value) => value >= low - 1e-3 && value <= high + 1e-3)).toBe(true);
        const flat = resampleToSpacing({ ...volume, data: volume.data.map(() => 42) }, times(grid, by));
        expect(flat.data.every((value) => Math.abs(value - 42) < 1e-4)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('lets every voxel count where voxels become coarser, so that a fine checkerboard turns grey', () => {
    const grid: Grid = {
      shape: [33, 33, 33],
      spacing: [1, 1, 1],
      unit: 'mm',
      origin: [0, 0, 0],
      direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    };
    const board = Int16Array.from({ length: 33 ** 3 }, (_, n) => n % 2);
    const { data } = resampleToSpacing({ grid, channels: 1, data: board }, [3, 3, 3]);
    const inner = data.filter((_, n) =>
      [n % 11, Math.floor(n / 11) % 11, Math.floor(n / 121)].every((at) => at > 0 && at < 10),
    );
    inner.forEach((value) => {
      expect(value).toBeCloseTo(0.5, 1);
    });
  });

  it('leaves a volume that has the spacing already as it is, in a new array', () => {
    const volume = numbered({
      shape: [3, 4, 5],
      spacing: [1, 2, 3],
      unit: 'mm',
      origin: [1, 2, 3],
      direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    });
    const same = resampleToSpacing(volume, [1, 2, 3]);
    expect(same).toEqual(volume);
    expect(same.data).not.toBe(volume.data);
  });
});
