import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { posteriorMean, posteriorVariance } from '../../../../ml/diffusion/gaussian/posterior.ts';
import { cosine } from '../../../../ml/diffusion/schedules/cosine.ts';
import { linear } from '../../../../ml/diffusion/schedules/linear.ts';
import type { NoiseSchedule } from '../../../../ml/diffusion/schedules/noiseSchedule.ts';
import { respace } from '../../../../ml/diffusion/schedules/respace.ts';

/**
 * Bayes by brute force: the density of x_{t-1} on a fine grid is that of q(x_{t-1} | x_0) times that of q(x_t | x_{t-1}), both by
 * definition; its moments are sums.
 */
function bayes(xStart: number, xT: number, t: number, { alphas, betas, alphasCumprod }: NoiseSchedule) {
  const priorMean = Math.sqrt(alphasCumprod[t - 1]!) * xStart;
  const priorVariance = 1 - alphasCumprod[t - 1]!;
  const scale = Math.sqrt(alphas[t]!);
  const logDensity = (x: number) =>
    -((x - priorMean) ** 2) / (2 * priorVariance) - (xT - scale * x) ** 2 / (2 * betas[t]!);
  // The density lies within each factor's reach; the narrower of the two sets the grid.
  const [centre, width] =
    priorVariance < betas[t]! / alphas[t]!
      ? [priorMean, Math.sqrt(priorVariance)]
      : [xT / scale, Math.sqrt(betas[t]! / alphas[t]!)];
  const grid = Float64Array.from({ length: 80_001 }, (_, i) => centre + width * (i / 1000 - 40));
  const logs = grid.map(logDensity);
  const top = logs.reduce((a, b) => Math.max(a, b));
  const weights = logs.map((log) => Math.exp(log - top));
  const total = weights.reduce((a, b) => a + b);
  const mean = weights.reduce((sum, weight, i) => sum + weight * grid[i]!, 0) / total;
  const variance = weights.reduce((sum, weight, i) => sum + weight * (grid[i]! - mean) ** 2, 0) / total;
  return { mean, variance };
}

const schedules = [linear(1000), cosine(1000), respace(linear(1000), 5), respace(cosine(1000), 20)];
const cases = fc.constantFrom(...schedules).chain((schedule) =>
  fc.record({
    schedule: fc.constant(schedule),
    t: fc.integer({ min: 1, max: schedule.numSteps - 1 }),
    xStart: fc.double({ min: -1, max: 1, noNaN: true }).map(Math.fround),
    eps: fc.double({ min: -3, max: 3, noNaN: true }),
  }),
);

describe('the posterior of x_{t-1}', () => {
  it('is that of Bayes, in mean and variance', () => {
    fc.assert(
      fc.property(cases, ({ schedule, t, xStart, eps }) => {
        const alphaCumprod = schedule.alphasCumprod[t]!;
        const xT = Math.fround(Math.sqrt(alphaCumprod) * xStart + Math.sqrt(1 - alphaCumprod) * eps);
        const { mean, variance } = bayes(xStart, xT, t, schedule);
        const ours = posteriorMean(Float32Array.of(xStart), Float32Array.of(xT), t, schedule)[0]!;
        expect(Math.abs(ours - mean)).toBeLessThan(1e-6);
        expect(posteriorVariance(t, schedule, 'fixedSmall') / variance).toBeCloseTo(1, 8);
      }),
      { numRuns: 50 },
    );
  });

  it('is x_0 itself at the last step', () => {
    for (const schedule of schedules) {
      expect(posteriorMean(Float32Array.of(0.3), Float32Array.of(-2), 0, schedule)).toEqual(Float32Array.of(0.3));
      expect(posteriorVariance(0, schedule, 'fixedSmall')).toBe(0);
    }
  });

  it('has beta as its large variance, which is never the smaller one', () => {
    fc.assert(
      fc.property(cases, ({ schedule, t }) => {
        const large = posteriorVariance(t, schedule, 'fixedLarge');
        expect(large).toBe(schedule.betas[t]);
        expect(large).toBeGreaterThan(posteriorVariance(t, schedule, 'fixedSmall'));
      }),
    );
  });
});
