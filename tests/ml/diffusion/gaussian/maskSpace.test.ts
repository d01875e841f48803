import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toDiffusionSpace, toProbabilities } from '../../../../ml/diffusion/gaussian/maskSpace.ts';
import { largestDifference } from '../largestDifference.ts';

describe('mask space', () => {
  it('takes 0 and 1 to -1 and 1, and back', () => {
    expect(toDiffusionSpace(Float32Array.of(0, 0.5, 1))).toEqual(Float32Array.of(-1, 0, 1));
    expect(toProbabilities(Float32Array.of(-1, 0, 1))).toEqual(Float32Array.of(0, 0.5, 1));
  });

  it('returns any probability to within float32', () => {
    fc.assert(
      fc.property(fc.float32Array({ min: 0, max: 1, noNaN: true }), (mask) => {
        expect(largestDifference(toProbabilities(toDiffusionSpace(mask)), mask)).toBeLessThanOrEqual(2 ** -24);
      }),
    );
  });

  it('clips noise to probabilities', () => {
    expect(toProbabilities(Float32Array.of(-3.5, -1.01, 1.01, 4))).toEqual(Float32Array.of(0, 0, 1, 1));
  });

  it('may write over its input', () => {
    const values = Float32Array.of(0.25, 1);
    expect(toDiffusionSpace(values, values)).toBe(values);
    expect(toProbabilities(values, values)).toEqual(Float32Array.of(0.25, 1));
  });
});
