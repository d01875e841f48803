import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundaryBand, dilatedForeground } from '../../../ml/uncertainty/region.ts';
import { sliceAxis, slicesToReview } from '../../../ml/uncertainty/sliceRanking.ts';
import { volumeRange } from '../../../ml/uncertainty/volumeRange.ts';
import { runPython } from '../../support/python.ts';
import { gridOf } from '../evaluation/maskPairs.ts';

const count = (region: Uint8Array) => region.reduce((sum, voxel) => sum + voxel, 0);

describe('regions around the foreground', () => {
  const line = (labels: readonly number[], spacing: number, unit: 'mm' | 'voxel' = 'mm') =>
    [Uint8Array.from(labels), gridOf([labels.length, 1, 1], [spacing, 1, 1], unit)] as const;
  const dot = Array.from({ length: 41 }, (_, v) => (v === 20 ? 1 : 0));

  it('reach 5 mm, the voxel exactly there included', () => {
    expect(count(dilatedForeground(...line(dot, 1)))).toBe(11);
    expect(count(dilatedForeground(...line(dot, 2.5)))).toBe(5);
    expect(count(dilatedForeground(...line(dot, 2.6)))).toBe(3);
  });

  it('reach 10 voxels where the file knows no size', () => {
    expect(count(dilatedForeground(...line(dot, 1, 'voxel')))).toBe(21);
  });

  it('agree with scipy in three dimensions', async () => {
    const script = `
import json
import numpy as np
from scipy import ndimage
labels = (ndimage.gaussian_filter(np.random.default_rng(5).standard_normal((20, 24, 9)), 3) > 0.03).astype(int)
labels[:10] *= 2
inside = lambda sources: ndimage.distance_transform_edt(~sources, sampling=(1.1, 0.9, 3)) <= 5
edge = np.zeros(labels.shape, bool)
for axis in range(3):
    lower, upper = [tuple(slice(*part) if a == axis else slice(None) for a in range(3)) for part in ((None, -1), (1, None))]
    differ = labels[lower] != labels[upper]
    edge[lower] |= differ
    edge[upper] |= differ
flat = lambda array: array.astype(int).ravel('F').tolist()
print(json.dumps([flat(labels), flat(inside(labels > 0)), flat(inside(edge))]))`;
    const [labels, dilated, band] = await runPython<[number[], number[], number[]]>(script, []);
    const grid = gridOf([20, 24, 9], [1.1, 0.9, 3]);
    expect([...dilatedForeground(Uint8Array.from(labels), grid)]).toEqual(dilated);
    expect([...boundaryBand(Uint8Array.from(labels), grid)]).toEqual(band);
  });

  it.each([0, 1, 2])('find a boundary at the first voxels of axis %i', (axis) => {
    const along = (value: number, other: number) =>
      [0, 1, 2].map((a) => (a === axis ? value : other)) as [number, number, number];
    expect([...boundaryBand(Uint8Array.of(1, 0, 0), gridOf(along(3, 1), along(6, 1)))]).toEqual([1, 1, 0]);
  });

  it('are empty without foreground, and the edge of the image is no boundary', () => {
    const grid = gridOf([3, 3, 3], [1, 1, 1]);
    expect(count(dilatedForeground(new Uint8Array(27), grid))).toBe(0);
    expect(count(boundaryBand(new Uint8Array(27).fill(2), grid))).toBe(0);
  });
});

describe('slicesToReview', () => {
  // A slab of foreground: the band holds every voxel, so that each score is its slice's entropy.
  const grid = gridOf([3, 4, 5], [1, 1, 1]);
  const labels = Uint8Array.from({ length: 60 }, (_, v) => (v % 3 === 1 ? 1 : 0));

  it.each(['i', 'j', 'k'] as const)('sums the entropy of the slices along %s', (axis) => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 60, maxLength: 60 }), (bits) => {
        const index = (v: number) => ({ i: v % 3, j: Math.floor(v / 3) % 4, k: Math.floor(v / 12) })[axis];
        const ranked = slicesToReview(labels, Float32Array.from(bits), grid, axis, 99);
        for (const slice of ranked) {
          const expected = bits.reduce((sum, value, v) => sum + (index(v) === slice.index ? value : 0), 0);
          expect(slice).toEqual({ axis, index: slice.index, score: expected });
        }
        expect(ranked.map(({ score }) => score)).toEqual(ranked.map(({ score }) => score).sort((a, b) => b - a));
        expect(ranked.reduce((sum, { score }) => sum + score, 0)).toBe(bits.reduce((sum, value) => sum + value, 0));
      }),
    );
  });

  it('ignores entropy far from every boundary, and gives no more than asked', () => {
    const long = gridOf([1, 1, 30], [1, 1, 1]);
    const half = Uint8Array.from({ length: 30 }, (_, k) => (k < 10 ? 1 : 0));
    const everywhere = new Float32Array(30).fill(1);
    expect(slicesToReview(half, everywhere, long, 'k', 99).map(({ index }) => index)).toEqual([
      4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
    ]);
    expect(slicesToReview(half, everywhere, long, 'k', 2)).toHaveLength(2);
    expect(slicesToReview(half, new Float32Array(30), long, 'k', 2)).toEqual([]);
  });

  it('goes along the coarsest axis, k among equals', () => {
    const axis = (...spacing: [number, number, number]) => sliceAxis(gridOf([9, 9, 9], spacing));
    expect([axis(1, 1, 1), axis(3, 1, 1), axis(1, 3, 1), axis(1, 1, 3), axis(3, 1, 3)]).toEqual([
      'k',
      'i',
      'j',
      'k',
      'k',
    ]);
  });
});

describe('volumeRange', () => {
  const grid = gridOf([9, 9, 9], [1, 2, 5]);

  it('gives the plain range below 20 samples, in mL', () => {
    expect(volumeRange([300, 100, 200], grid)).toEqual({
      unit: 'mL',
      median: 2,
      low: 1,
      high: 3,
      range: 'range of 3 samples',
    });
    expect(volumeRange([100], grid).range).toBe('range of 1 sample');
    expect(volumeRange(Array<number>(19).fill(100), grid).range).toBe('range of 19 samples');
  });

  it('gives the 5-95 % range from 20 samples on', () => {
    const counts = Array.from({ length: 21 }, (_, n) => n * 100);
    expect(volumeRange(counts, grid)).toEqual({
      unit: 'mL',
      median: 10,
      low: 1,
      high: 19,
      range: '5-95 % of 21 samples',
    });
    expect(volumeRange(counts.slice(1), grid).range).toBe('5-95 % of 20 samples');
  });

  it('counts voxels where the file knows no size', () => {
    expect(volumeRange([3], gridOf([9, 9, 9], [1, 2, 5], 'voxel'))).toMatchObject({ unit: 'voxel', median: 3 });
  });
});
