import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problem } from '../../../../ml/check/problem.ts';
import { cosine } from '../../../../ml/diffusion/schedules/cosine.ts';
import { linear } from '../../../../ml/diffusion/schedules/linear.ts';
import { scheduleAt } from '../../../../ml/diffusion/schedules/noiseSchedule.ts';
import { noiseSchedules } from '../../../../ml/diffusion/schedules/noiseSchedules.ts';
import { quadratic } from '../../../../ml/diffusion/schedules/quadratic.ts';
import { largestDifference } from '../largestDifference.ts';

const anySchedule = fc.oneof(
  fc.integer({ min: 21, max: 3000 }).map(linear),
  fc.integer({ min: 1277, max: 3000 }).map(quadratic),
  fc.integer({ min: 5, max: 3000 }).map(cosine),
);

function refusal(attempt: () => unknown): string {
  try {
    attempt();
  } catch (error) {
    if (error instanceof Problem && error.kind === 'usage') return error.message;
    throw error;
  }
  return 'none';
}

describe('every noise schedule', () => {
  it('stands under its own name', () => {
    for (const [name, schedule] of Object.entries(noiseSchedules)) {
      expect(schedule(2000)).toMatchObject({ name, numSteps: 2000 });
    }
  });

  it('adds more noise with every step, and ends in noise', () => {
    fc.assert(
      fc.property(anySchedule, ({ numSteps, betas, alphasCumprod }) => {
        expect([betas.length, alphasCumprod.length]).toEqual([numSteps, numSteps]);
        expect(betas.every((beta, t) => t === 0 || beta >= betas[t - 1]!)).toBe(true);
        expect(alphasCumprod.every((product, t) => t === 0 || product < alphasCumprod[t - 1]!)).toBe(true);
        expect(Math.sqrt(alphasCumprod[numSteps - 1]!)).toBeLessThan(0.01);
      }),
      { numRuns: 30 },
    );
  });

  it('has 1 - alphasCumprod as the variance that its steps add up to', () => {
    fc.assert(
      fc.property(anySchedule, ({ betas, alphas, alphasCumprod }) => {
        let variance = 0;
        const variances = betas.map((beta, t) => (variance = alphas[t]! * variance + beta));
        const expected = alphasCumprod.map((product) => 1 - product);
        expect(largestDifference(variances, expected)).toBeLessThan(1e-12);
      }),
      { numRuns: 30 },
    );
  });

  it.each([NaN, -5, 0, 1, 999.5])('refuses %d steps', (numSteps) => {
    for (const schedule of Object.values(noiseSchedules)) {
      expect(refusal(() => schedule(numSteps))).toContain('whole number of steps');
    }
  });

  it('has no step outside of its range', () => {
    const schedule = linear(100);
    expect(scheduleAt(schedule, 0).alphaCumprodPrev).toBe(1);
    expect(scheduleAt(schedule, 99).alphaCumprodPrev).toBe(schedule.alphasCumprod[98]);
    for (const t of [-1, 100, 0.5, NaN]) expect(() => scheduleAt(schedule, t)).toThrow('outside');
  });
});

describe('linear', () => {
  // Source: product of 1 - beta_t in exact rationals (python3 fractions), betas linear 1e-4 .. 0.02, T = 1000.
  it('leaves almost no signal after 1000 steps', () => {
    expect(linear(1000).alphasCumprod[999]).toBeCloseTo(4.0358297653756835e-5, 15);
  });

  it('goes from 1e-4 to 0.02 in 1000 steps, and to as much more in fewer', () => {
    const { betas } = linear(1000);
    expect([betas[0], betas[999]]).toEqual([1e-4, 0.02]);
    const quarter = linear(250);
    expect(quarter.betas[0]).toBeCloseTo(4e-4, 15);
    expect(quarter.betas[249]).toBeCloseTo(0.08, 15);
  });

  it('refuses 20 steps, whose last would remove the whole signal, and takes 21', () => {
    expect(refusal(() => linear(20))).toContain('would remove the whole signal (linear schedule of 20 steps)');
    expect(linear(21).betas[20]).toBeLessThan(1);
  });
});

describe('quadratic', () => {
  it('goes from 1e-4 to 0.02, its square roots in equal steps', () => {
    const { betas } = quadratic(2001);
    expect(betas[0]).toBeCloseTo(1e-4, 15);
    expect(betas[1000]).toBeCloseTo(((0.01 + Math.sqrt(0.02)) / 2) ** 2, 15);
    expect(betas[2000]).toBeCloseTo(0.02, 15);
  });

  it('refuses 1000 steps, after which 2.7 % of the signal is left', () => {
    expect(refusal(() => quadratic(1000))).toContain('ends with 2.7 % of the signal');
    expect(refusal(() => quadratic(1276))).toContain('not with noise');
    expect(quadratic(1277).numSteps).toBe(1277);
  });
});

describe('cosine', () => {
  // Source: Nichol & Dhariwal 2021, eq. 17, in closed form; the product differs where betas are clipped, at the last step.
  it('leaves the squared cosine of the signal', () => {
    const { alphasCumprod, betas } = cosine(1000);
    const f = (time: number) => Math.cos(((time / 1000 + 0.008) / 1.008) * (Math.PI / 2)) ** 2;
    for (let t = 0; t < 999; t++) expect(alphasCumprod[t]).toBeCloseTo(f(t + 1) / f(0), 12);
    expect(betas[999]).toBe(0.999);
  });

  it('refuses 4 steps and takes 5', () => {
    expect(refusal(() => cosine(4))).toContain('not with noise');
    expect(cosine(5).numSteps).toBe(5);
  });
});
