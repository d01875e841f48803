import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalise } from '../../../ml/data/normalise.ts';

const images = fc
  .array(fc.integer({ min: 0, max: 255 }), { minLength: 8, maxLength: 200 })
  .filter((values) => new Set(values).size > 2)
  .map((values) => Float32Array.from(values));

function moments(values: Float32Array): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) };
}

describe('normalise', () => {
  it('brings each image to mean 0 and deviation 1', () => {
    fc.assert(
      fc.property(images, (image) => {
        const { mean, deviation } = moments(normalise(image, { kind: 'zscore', over: 'image' }));
        expect(mean).toBeCloseTo(0, 5);
        expect(deviation).toBeCloseTo(1, 5);
      }),
    );
  });

  it('gives the same image whatever range a file stores it in, an 8-bit one or one of hundred thousands', () => {
    fc.assert(
      fc.property(images, fc.double({ min: 0.5, max: 2000, noNaN: true }), (image, scale) => {
        const scaled = normalise(
          image.map((value) => scale * value + 7),
          { kind: 'zscore', over: 'image' },
        );
        normalise(image, { kind: 'zscore', over: 'image' }).forEach((value, v) => {
          expect(scaled[v]).toBeCloseTo(value, 3);
        });
      }),
    );
  });

  it('leaves a background of zeros out of the statistics where told so, and at 0', () => {
    const image = Float32Array.of(0, 0, 0, 0, 10, 20, 30);
    const normalised = normalise(image, { kind: 'zscore', over: 'nonzero' });
    expect([...normalised.subarray(0, 4)]).toEqual([0, 0, 0, 0]);
    expect(normalised[5]).toBe(0);
    expect(normalised[6]).toBeCloseTo(Math.sqrt(1.5), 5);
  });

  it('clips CT before it standardises it', () => {
    const scheme = { kind: 'clipZscore', low: -100, high: 300, mean: 100, deviation: 50 } as const;
    expect([...normalise(Float32Array.of(-1000, -100, 100, 3000), scheme)]).toEqual([-4, -4, 0, 4]);
  });

  it('keeps the digits of small differences on a large offset', () => {
    const image = Float32Array.from({ length: 1000 }, (_, v) => 1e6 + (v % 2));
    expect(moments(normalise(image, { kind: 'zscore', over: 'image' })).deviation).toBeCloseTo(1, 5);
  });

  it('makes zeros of a constant image, not not-a-numbers', () => {
    expect([...normalise(new Float32Array(3).fill(5), { kind: 'zscore', over: 'image' })]).toEqual([0, 0, 0]);
  });
});
