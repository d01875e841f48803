import { describe, expect, it } from 'vitest';
import { median, quantile } from '../../../ml/statistics/quantile.ts';

describe('quantile', () => {
  // numpy.quantile([1, 2, 3, 5], ...) and numpy.quantile([1, 2, 4, 8], 0.995) of numpy 2.
  it('interpolates between the closest ranks', () => {
    expect([0, 0.25, 0.5, 0.95, 1].map((fraction) => quantile([1, 2, 3, 5], fraction))).toEqual([
      1,
      1.75,
      2.5,
      expect.closeTo(4.7, 12),
      5,
    ]);
    expect(quantile([1, 2, 4, 8], 0.995)).toBeCloseTo(7.94, 12);
  });

  it('refuses an empty list', () => {
    expect(() => quantile([], 0.5)).toThrow('invariant');
  });
});

describe('median', () => {
  it('sorts, and leaves the list as it was', () => {
    const values = [8, 1, 4, 2];
    expect(median(values)).toBe(3);
    expect(values).toEqual([8, 1, 4, 2]);
  });
});
