import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stream } from '../../../ml/random/stream.ts';
import { reviewArea, reviewInterval } from '../../../ml/uncertainty/reviewOrder.ts';

const items = fc.array(
  fc.record({
    score: fc.double({ min: 0, max: 5, noNaN: true }),
    error: fc.double({ min: 0.01, max: 1, noNaN: true }),
  }),
  { minLength: 2, maxLength: 30 },
);

describe('reviewArea', () => {
  it('is the area under the share of the error over the share of the items', () => {
    // After none, one, two and three of three items: 0, 0.6, 0.9 and 1 of the error; trapezoids of width 1/3.
    const drawn = [
      { score: 1, error: 0.1 },
      { score: 3, error: 0.6 },
      { score: 2, error: 0.3 },
    ];
    expect(reviewArea(drawn)).toBeCloseTo((0.6 / 2 + (0.6 + 0.9) / 2 + (0.9 + 1) / 2) / 3, 12);
  });

  it('is largest for the order by the error itself, least for its reverse, and 0.5 where nothing is known', () => {
    fc.assert(
      fc.property(items, (drawn) => {
        const area = reviewArea(drawn)!;
        const best = reviewArea(drawn.map(({ error }) => ({ score: error, error })))!;
        const worst = reviewArea(drawn.map(({ error }) => ({ score: -error, error })))!;
        expect(area).toBeLessThanOrEqual(best + 1e-12);
        expect(area).toBeGreaterThanOrEqual(worst - 1e-12);
        expect(best + worst).toBeCloseTo(1, 9);
        expect(reviewArea(drawn.map(({ error }) => ({ score: 1, error })))).toBeCloseTo(0.5, 12);
      }),
    );
  });

  it('does not depend on the order in which items of one score come', () => {
    fc.assert(
      fc.property(items, (drawn) => {
        const coarse = drawn.map(({ score, error }) => ({ score: Math.round(score), error }));
        expect(reviewArea(coarse.toReversed())).toBeCloseTo(reviewArea(coarse)!, 9);
      }),
    );
  });

  it('says nothing of items without error, or of one', () => {
    expect(reviewArea([{ score: 1, error: 0.5 }])).toBeUndefined();
    expect(reviewArea([1, 2].map((score) => ({ score, error: 0 })))).toBeUndefined();
  });
});

describe('reviewInterval', () => {
  it('holds 0.5 for scores that know nothing, and lies above it for scores that know all', () => {
    const rng = stream(0, 'items');
    const drawn = Array.from({ length: 60 }, (_, n) => ({
      group: String(n),
      error: rng.uniform(),
      score: rng.uniform(),
    }));
    const [blind, knowing] = [drawn, drawn.map((one) => ({ ...one, score: one.error }))].map((each) =>
      reviewInterval(each, stream(0, 'draws'))!,
    );
    expect(blind!.low).toBeLessThan(0.5);
    expect(blind!.high).toBeGreaterThan(0.5);
    expect(knowing!.low).toBeGreaterThan(0.55);
    expect(
      reviewInterval(
        drawn.map((one) => ({ ...one, group: 'one' })),
        stream(0, 'draws'),
      ),
    ).toBeUndefined();
  });
});
