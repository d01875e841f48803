import { describe, expect, it } from 'vitest';
import { preprocessImage, preprocessLabel } from '../../../ml/data/preprocess.ts';
import type { Preparation } from '../../../ml/data/preprocess.ts';
import { orientationCode } from '../../../ml/volume/orientation.ts';
import type { Grid } from '../../../ml/volume/grid.ts';
import { canonicalOrder } from '../../../ml/volume/orientation.ts';
import { reorder } from '../../../ml/volume/reorder.ts';

const grid: Grid = {
  shape: [6, 5, 4],
  spacing: [1, 1, 2],
  unit: 'mm',
  origin: [3, -2, 1],
  direction: [-1, 0, 0, 0, -1, 0, 0, 0, 1],
};
const plan: Preparation = { dimensions: 3, spacing: [1, 1, 1], normalisation: [{ kind: 'zscore', over: 'image' }] };
const data = Float32Array.from({ length: 120 }, (_, v) => Math.sin(v));

describe('preprocessImage', () => {
  it('turns the axes to LPS, brings it to the spacing and normalises it', () => {
    const prepared = preprocessImage({ grid, channels: 1, data }, plan);
    expect(orientationCode(prepared.grid)).toBe('LPS');
    expect(prepared.grid.spacing).toEqual([1, 1, 1]);
    expect(prepared.grid.shape).toEqual([6, 5, 8]);
    const mean = prepared.data.reduce((sum, value) => sum + value, 0) / prepared.data.length;
    expect(Math.abs(mean)).toBeLessThan(0.1);
  });

  it('gives the same whatever order a file stores the axes in', () => {
    const volume = { grid, channels: 1, data };
    const turned = reorder(volume, { from: [2, 0, 1], flipped: [true, false, true] });
    expect(preprocessImage(turned, plan)).toEqual(preprocessImage(reorder(volume, canonicalOrder(grid)), plan));
  });

  it('leaves slices where they are in two dimensions', () => {
    const flat: Preparation = { ...plan, dimensions: 2, spacing: [2, 1, 3] };
    expect(preprocessImage({ grid, channels: 1, data }, flat).grid).toMatchObject({
      shape: [3, 5, 4],
      spacing: [2, 1, 2],
    });
  });
});

describe('preprocessLabel', () => {
  it('lies on the grid of the image, with the same classes', () => {
    const label = { grid, channels: 1, data: Uint8Array.from(data, (value) => (value > 0.5 ? 2 : value > 0 ? 1 : 0)) };
    const prepared = preprocessLabel(label, plan);
    expect(prepared.grid).toEqual(preprocessImage({ grid, channels: 1, data }, plan).grid);
    expect(new Set(prepared.data)).toEqual(new Set([0, 1, 2]));
  });

  it('takes the class with the largest share between voxels, not that of the nearest one', () => {
    const flat: Grid = { ...grid, shape: [2, 2, 1], direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] };
    const fine: Preparation = { ...plan, spacing: [2 / 11, 2 / 11, 2] };
    const { data: classes } = preprocessLabel({ grid: flat, channels: 1, data: Uint8Array.of(2, 1, 1, 1) }, fine);
    // Voxel (4, 4) of 11 x 11 lies at 0.318 of the way to the others: the nearest one weighs 0.682 squared, 0.465.
    expect([classes[0], classes[4 * 11 + 4]]).toEqual([2, 1]);
  });
});
