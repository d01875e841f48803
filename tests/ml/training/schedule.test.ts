import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emaDecay, learningRate } from '../../../ml/training/schedule.ts';

const paper = { peak: 8e-4, warmup: 100, total: 10_000, final: 5e-5 };

const plans = fc
  .record({
    peak: fc.double({ min: 1e-5, max: 1, noNaN: true }),
    warmup: fc.nat(200),
    training: fc.integer({ min: 1, max: 2000 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ peak, warmup, training, share }) => ({ peak, warmup, total: warmup + training, final: share * peak }));

describe('learningRate', () => {
  it('warms up to its peak, passes the middle half way and ends at its last value', () => {
    expect(learningRate(0, paper)).toBeCloseTo(8e-6, 15);
    expect(learningRate(49, paper)).toBeCloseTo(4e-4, 15);
    expect(learningRate(99, paper)).toBeCloseTo(8e-4, 15);
    expect(learningRate(100, paper)).toBeCloseTo(8e-4, 15);
    expect(learningRate(5050, paper)).toBeCloseTo((8e-4 + 5e-5) / 2, 15);
    expect(learningRate(10_000, paper)).toBeCloseTo(5e-5, 15);
  });

  it('rises, then falls, and stays between 0 and its peak', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const rates = Array.from({ length: plan.total + 10 }, (_, step) => learningRate(step, plan));
        const slack = plan.peak * 1e-12;
        const changes = rates.slice(1).map((rate, step) => rate - rates[step]!);
        expect(changes.every((change, i) => (i + 1 < plan.warmup ? change > 0 : change <= slack))).toBe(true);
        expect(Math.min(...rates)).toBeGreaterThan(-slack);
        expect(Math.max(...rates)).toBeCloseTo(plan.peak, 12);
        expect(rates.at(-1)).toBeCloseTo(plan.final, 12);
      }),
    );
  });

  it('refuses a training that ends before its warm-up', () => {
    expect(() => learningRate(0, { ...paper, total: 100 })).toThrow('before its warm-up');
  });
});

describe('emaDecay', () => {
  it('follows the ramp until it meets the decay', () => {
    expect(emaDecay(0, 0.999)).toBe(0.1);
    expect(emaDecay(8, 0.999)).toBe(0.5);
    expect(emaDecay(8990, 0.999)).toBe(0.999);
    expect(emaDecay(1e6, 0.9999)).toBe(0.9999);
  });

  it('leaves almost nothing of the initial weights after a short training', () => {
    let initial = 1;
    for (let n = 0; n < 300; n++) initial *= emaDecay(n, 0.9999);
    expect(initial).toBeLessThan(1e-12);
  });
});
