import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LossHistory } from '../../../../ml/diffusion/timesteps/importance.ts';
import {
  drawImportant,
  emptyLossHistory,
  observeLoss,
  stepProbabilities,
} from '../../../../ml/diffusion/timesteps/importance.ts';
import { drawUniform } from '../../../../ml/diffusion/timesteps/timestep.ts';
import { stream } from '../../../../ml/random/stream.ts';
import { largestDifference } from '../largestDifference.ts';

/** A history in which every step had its loss the same number of times. */
function history(losses: readonly number[], times = 10): LossHistory {
  const filled = emptyLossHistory(losses.length);
  for (const [t, loss] of losses.entries()) for (let i = 0; i < times; i++) observeLoss(filled, t, loss);
  return filled;
}

const someLosses = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1, maxLength: 50 });

describe('drawUniform', () => {
  it('draws every step of its range as often, with weight 1', () => {
    const rng = stream(1, 'time');
    const counts = new Uint32Array(999);
    for (let i = 0; i < 999_000; i++) {
      const { t, weight } = drawUniform(999, rng);
      counts[t]! += weight;
    }
    const chiSquare = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    // 998 degrees of freedom, standard deviation 44.7.
    expect(Math.abs(chiSquare - 998)).toBeLessThan(4 * 44.7);
  });
});

describe('importance sampling', () => {
  it('is uniform until every step was seen ten times', () => {
    const losses = history([5, 1, 1, 1], 9);
    for (const t of [0, 1, 2]) observeLoss(losses, t, 5);
    expect([...stepProbabilities(losses)]).toEqual([0.25, 0.25, 0.25, 0.25]);
    expect(drawImportant(losses, stream(0)).weight).toBe(1);
    observeLoss(losses, 3, 1);
    expect(stepProbabilities(losses)[0]).toBeGreaterThan(0.25);
  });

  it('is in proportion to the root of the mean squared loss, but for a uniform part of 0.01', () => {
    const probabilities = stepProbabilities(history([1, 3, 0, 4]));
    const expected = [1, 3, 0, 4].map((loss) => (0.99 * loss) / 8 + 0.01 / 4);
    expect(largestDifference(probabilities, expected)).toBeLessThan(1e-15);
  });

  it('forgets a squared loss by 0.9 with each newer one', () => {
    const losses = history([2, 2]);
    observeLoss(losses, 1, 4);
    observeLoss(losses, 1, 1);
    expect(losses.meanSquares[0]).toBeCloseTo(4, 12);
    expect(losses.meanSquares[1]).toBeCloseTo(0.9 * (0.9 * 4 + 0.1 * 16) + 0.1, 12);
    expect([...losses.counts]).toEqual([10, 12]);
  });

  it('stays uniform where all losses are 0', () => {
    expect([...stepProbabilities(history([0, 0]))]).toEqual([0.5, 0.5]);
  });

  it('draws the steps with their probabilities', () => {
    const losses = history([1, 3, 0.5, 4]);
    const probabilities = stepProbabilities(losses);
    const rng = stream(2, 'time');
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 100_000; i++) counts[drawImportant(losses, rng).t]! += 1;
    const chiSquare = counts.reduce(
      (sum, n, t) => sum + (n - 1e5 * probabilities[t]!) ** 2 / (1e5 * probabilities[t]!),
      0,
    );
    // 3 degrees of freedom: exceeded once in 1000.
    expect(chiSquare).toBeLessThan(16.27);
  });

  it('has weights that leave the expected loss that of uniform steps', () => {
    fc.assert(
      fc.property(someLosses, fc.nat(), (losses, seed) => {
        const seen = history(losses);
        const probabilities = stepProbabilities(seen);
        const sum = probabilities.reduce((a, b) => a + b);
        expect(sum).toBeCloseTo(1, 12);
        const { t, weight } = drawImportant(seen, stream(seed));
        // Then the expectation of weight * loss, the sum of p * weight * loss, is the plain mean for any loss.
        expect(weight * probabilities[t]!).toBeCloseTo(1 / losses.length, 12);
        expect(weight).toBeLessThan(100.001);
      }),
    );
  });

  it('estimates the mean loss, with less spread than uniform steps', () => {
    const losses = Array.from({ length: 40 }, (_, t) => (1 + t) ** 2);
    const mean = losses.reduce((a, b) => a + b) / 40;
    const seen = history(losses);
    const rng = stream(3, 'time');
    const estimates = Array.from({ length: 20_000 }, () => {
      const { t, weight } = drawImportant(seen, rng);
      return weight * losses[t]!;
    });
    const average = estimates.reduce((a, b) => a + b) / estimates.length;
    const variance = (values: number[]) => values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
    expect(Math.abs(average - mean)).toBeLessThan(5 * Math.sqrt(variance(estimates) / estimates.length));
    expect(variance(estimates)).toBeLessThan(variance(losses) / 10);
  });

  it('goes on from a stored history as if never interrupted', () => {
    const train = (seen: LossHistory, from: number, to: number) => {
      const times: number[] = [];
      for (let step = from; step < to; step++) {
        const { t, weight } = drawImportant(seen, stream(4, 'time', step));
        observeLoss(seen, t, Math.sin(step) ** 2 / (t + 1));
        times.push(t, weight);
      }
      return times;
    };
    const whole = emptyLossHistory(8);
    train(whole, 0, 300);
    const stored = { meanSquares: whole.meanSquares.slice(), counts: whole.counts.slice() };
    expect(train(stored, 300, 600)).toEqual(train(whole, 300, 600));
    expect(stored).toEqual(whole);
  });

  it('refuses a loss that is not finite and a step outside of its range', () => {
    const seen = emptyLossHistory(10);
    expect(() => {
      observeLoss(seen, 3, NaN);
    }).toThrow('the loss at step 3');
    for (const t of [-1, 10, 1.5])
      expect(() => {
        observeLoss(seen, t, 1);
      }).toThrow('outside');
  });
});
