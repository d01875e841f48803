import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cosine } from '../../../../ml/diffusion/schedules/cosine.ts';
import { linear } from '../../../../ml/diffusion/schedules/linear.ts';
import { respace } from '../../../../ml/diffusion/schedules/respace.ts';
import { truncate } from '../../../../ml/diffusion/schedules/truncate.ts';
import { largestDifference } from '../largestDifference.ts';

const thousand = linear(1000);
const spaced = fc
  .integer({ min: 21, max: 1500 })
  .chain((numSteps) =>
    fc.tuple(fc.constantFrom(linear(numSteps), cosine(numSteps)), fc.integer({ min: 2, max: numSteps })),
  );

describe('respace', () => {
  it.each([
    { count: 1, steps: [999] },
    { count: 2, steps: [0, 999] },
    { count: 3, steps: [0, 500, 999] },
    { count: 5, steps: [0, 250, 500, 749, 999] },
  ])('takes $count of 1000 steps at $steps', ({ count, steps }) => {
    expect(respace(thousand, count).steps).toEqual(steps);
  });

  it('keeps alphasCumprod of its steps, and so of both ends', () => {
    fc.assert(
      fc.property(spaced, ([schedule, count]) => {
        const { steps, alphasCumprod, numSteps } = respace(schedule, count);
        expect([numSteps, steps.length, new Set(steps).size]).toEqual([count, count, count]);
        expect([steps[0], steps.at(-1)]).toEqual([0, schedule.numSteps - 1]);
        expect([...alphasCumprod]).toEqual(steps.map((step) => schedule.alphasCumprod[step]));
      }),
    );
  });

  it('spaces its steps evenly, to the rounding', () => {
    fc.assert(
      fc.property(spaced, ([schedule, count]) => {
        const gap = (schedule.numSteps - 1) / (count - 1);
        const { steps } = respace(schedule, count);
        const even = steps.map((_, i) => i * gap);
        expect(largestDifference(steps, even)).toBeLessThanOrEqual(0.5 + 1e-9);
      }),
    );
  });

  it('has betas whose chain adds the same noise as the original', () => {
    fc.assert(
      fc.property(spaced, ([schedule, count]) => {
        const { betas, alphas, alphasCumprod } = respace(schedule, count);
        let variance = 0;
        const variances = betas.map((beta, i) => (variance = alphas[i]! * variance + beta));
        const expected = alphasCumprod.map((product) => 1 - product);
        expect(largestDifference(variances, expected)).toBeLessThan(1e-12);
      }),
    );
  });

  it('is the schedule itself at its full number of steps', () => {
    const all = respace(thousand, 1000);
    expect(all.steps).toEqual(Array.from({ length: 1000 }, (_, t) => t));
    expect(largestDifference(all.betas, thousand.betas)).toBeLessThan(1e-15);
  });

  it.each([0, 1001, 2.5, NaN])('refuses %d of 1000 steps', (count) => {
    expect(() => respace(thousand, count)).toThrow(expect.objectContaining({ kind: 'usage', where: `${count} steps` }));
  });
});

describe('truncate', () => {
  it.each([
    { fraction: 0.3, count: 10, passes: 3 },
    { fraction: 0.3, count: 5, passes: 2 },
    { fraction: 0.3, count: 1, passes: 1 },
    { fraction: 0.01, count: 50, passes: 1 },
    { fraction: 0.55, count: 100, passes: 55 },
    { fraction: 0.551, count: 100, passes: 56 },
    { fraction: 1, count: 20, passes: 20 },
  ])('runs the lowest $passes of $count steps from the fraction $fraction', ({ fraction, count, passes }) => {
    const whole = respace(thousand, count);
    const { numSteps, steps, betas, alphas, alphasCumprod } = truncate(whole, fraction);
    expect(numSteps).toBe(passes);
    expect(steps).toEqual(whole.steps.slice(0, passes));
    for (const [kept, all] of [
      [betas, whole.betas],
      [alphas, whole.alphas],
      [alphasCumprod, whole.alphasCumprod],
    ] as const) {
      expect([...kept]).toEqual([...all].slice(0, passes));
    }
  });

  it.each([0, -0.1, 1.1, NaN])('refuses the fraction %d', (fraction) => {
    const attempt = () => truncate(respace(thousand, 10), fraction);
    expect(attempt).toThrow(expect.objectContaining({ kind: 'usage', where: `start ${fraction}` }));
  });
});
