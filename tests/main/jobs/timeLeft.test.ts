import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTimeLeft } from '../../../main/jobs/timeLeft.ts';

/** Runs steps of these lengths in seconds and gives the last estimate. */
function estimate(spans: readonly number[], total: number, start = 0): number | null {
  let time = 0;
  const timeLeft = createTimeLeft(() => time, start);
  return spans.reduce<number | null>((_, span, i) => {
    time += span;
    return timeLeft(start + i + 1, total);
  }, null);
}

describe('createTimeLeft', () => {
  it('does not guess before the first step is done', () => {
    expect(createTimeLeft(() => 0)(0, 10)).toBeNull();
  });

  it('is exact where every step takes the same time, at whatever pace and from whatever start', () => {
    const steps = fc.integer({ min: 1, max: 60 });
    fc.assert(
      fc.property(steps, steps, fc.nat(1000), fc.integer({ min: 1, max: 64 }), (done, left, start, sixteenths) => {
        const span = sixteenths / 16;
        expect(estimate(Array<number>(done).fill(span), start + done + left, start)).toBe(Math.ceil(span * left));
      }),
    );
  });

  it('is not moved by a slow first step or a pause', () => {
    expect(estimate([60, 1, 1, 1, 90, 1, 1], 27)).toBe(20);
  });

  it('follows a lasting change of pace', () => {
    expect(estimate([...Array<number>(100).fill(1), ...Array<number>(10).fill(4)], 120)).toBe(40);
  });

  it('measures short steps together, so that noise does not shake it', () => {
    const spans = Array.from({ length: 400 }, (_, i) => (i % 2 ? 0.001 : 0.019));
    expect([10, 11]).toContain(estimate(spans, 1400));
  });

  it('ends at nothing', () => {
    expect(estimate([1, 1, 1], 3)).toBe(0);
  });
});
