import { describe, expect, it } from 'vitest';
import type { Grid } from '../../../ml/volume/grid.ts';
import { boundaryBand } from '../../../ml/uncertainty/region.ts';
import { slicesToReview } from '../../../ml/uncertainty/sliceRanking.ts';
import { nextUncertainPlace, uncertainPlaces, viewScores } from '../../../renderer/slices/review.ts';
import { alignedView } from '../../../renderer/slices/view.ts';

// Indices run to the anterior side, to the left and downwards.
const grid: Grid = {
  shape: [6, 7, 8],
  spacing: [3, 3, 3],
  unit: 'mm',
  origin: [0, 0, 0],
  direction: [0, 1, 0, -1, 0, 0, 0, 0, -1],
};
const size = 6 * 7 * 8;
const labels = Uint8Array.from({ length: size }, (_, n) => (n % 41 < 9 ? 1 : 0));
const entropy = Float32Array.from({ length: size }, (_, n) => ((n * 29) % 97) / 97);

describe('viewScores', () => {
  it.each([
    ['axial', 'k', (slice: number) => 7 - slice],
    ['coronal', 'i', (slice: number) => 5 - slice],
    ['sagittal', 'j', (slice: number) => slice],
  ] as const)('has the numbers of the ranking of slices, %s', (name, axis, indexOf) => {
    const scores = viewScores(alignedView(grid, name), grid, boundaryBand(labels, grid), entropy);
    const ranked = slicesToReview(labels, entropy, grid, axis, 99);
    expect(ranked.length).toBeGreaterThan(4);
    for (const [slice, score] of scores.entries())
      expect(score).toBe(ranked.find(({ index }) => index === indexOf(slice))?.score ?? 0);
  });
});

describe('uncertainPlaces', () => {
  it('are slices more uncertain than their neighbours, the worst first', () => {
    expect(uncertainPlaces([3, 1, 2, 5, 4, 0, 0, 4, 4, 6])).toEqual([9, 3, 7, 0]);
    expect(uncertainPlaces([0, 0])).toEqual([]);
  });
});

describe('nextUncertainPlace', () => {
  it('goes through the places, the worst first, and begins again', () => {
    const places = [9, 3, 0];
    expect([7, 9, 3, 0].map((shown) => nextUncertainPlace(places, shown))).toEqual([9, 3, 0, 9]);
    expect(nextUncertainPlace([], 4)).toBeUndefined();
  });
});
