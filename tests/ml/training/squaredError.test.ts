import { describe, expect, it } from 'vitest';
import { addNoise } from '../../../ml/diffusion/gaussian/addNoise.ts';
import { posteriorMean, posteriorVariance } from '../../../ml/diffusion/gaussian/posterior.ts';
import { noiseSchedules } from '../../../ml/diffusion/schedules/noiseSchedules.ts';
import type { NoiseSchedule } from '../../../ml/diffusion/schedules/noiseSchedule.ts';
import { squaredErrorFactor } from '../../../ml/training/squaredError.ts';

const schedules = [noiseSchedules.linear(1000), noiseSchedules.quadratic(2000), noiseSchedules.cosine(50)];
const stepsOf = ({ numSteps }: NoiseSchedule): number[] => [1, 2, Math.floor(numSteps / 2), numSteps - 1];
const [onlyNoise, onlyBound] = [
  { noise: 1, variational: 0 },
  { noise: 0, variational: 1 },
];

describe.each(schedules)('factors of squared errors, $name schedule', (schedule) => {
  it('make the error of a predicted mask the error of the noise that it implies', () => {
    for (const t of stepsOf(schedule)) {
      const [truth, guess, noise] = [1, 0.4, -0.3];
      const signal = Math.sqrt(schedule.alphasCumprod[t]!);
      const spread = Math.sqrt(1 - schedule.alphasCumprod[t]!);
      const implied = (signal * truth + spread * noise - signal * guess) / spread;
      const factor = squaredErrorFactor(onlyNoise, 'xStart', schedule, t);
      expect(factor * (truth - guess) ** 2).toBeCloseTo((implied - noise) ** 2, 8);
      expect(squaredErrorFactor(onlyNoise, 'noise', schedule, t)).toBeCloseTo(1, 12);
    }
  });

  it('make it the divergence of the true posterior from the predicted one', () => {
    for (const t of stepsOf(schedule)) {
      const [truth, guess] = [1, -0.5].map((x) => Float32Array.of(x));
      const xT = addNoise(truth!, Float32Array.of(0.7), t, schedule);
      const [right, said] = [truth!, guess!].map((xStart) => posteriorMean(xStart, xT, t, schedule)[0]!);
      const variance = posteriorVariance(t, schedule, 'fixedSmall');
      const divergence = (right! - said!) ** 2 / (2 * variance);
      const bound = squaredErrorFactor(onlyBound, 'xStart', schedule, t) * 1.5 ** 2;
      // The means are float32: their difference has few digits where the posterior hardly depends on xStart.
      expect(bound / divergence).toBeCloseTo(1, 2);
    }
  });

  it('make it, at the last step, what a Gaussian of variance beta loses for its mean', () => {
    const logDensity = (x: number, mean: number): number => -((x - mean) ** 2) / (2 * schedule.betas[0]!);
    const lost = logDensity(1, 1) - logDensity(1, 0.8);
    expect(squaredErrorFactor(onlyBound, 'xStart', schedule, 0) * 0.2 ** 2).toBeCloseTo(lost, 6);
  });

  it('say the same of a network that predicts the noise, and add up', () => {
    for (const t of [0, ...stepsOf(schedule)]) {
      const ratio = schedule.alphasCumprod[t]! / (1 - schedule.alphasCumprod[t]!);
      const both = { noise: 2, variational: 3 };
      const mask = squaredErrorFactor(both, 'xStart', schedule, t);
      expect(squaredErrorFactor(both, 'noise', schedule, t) * ratio).toBeCloseTo(mask, 8);
      const parts =
        2 * squaredErrorFactor(onlyNoise, 'xStart', schedule, t) +
        3 * squaredErrorFactor(onlyBound, 'xStart', schedule, t);
      expect(parts / mask).toBeCloseTo(1, 12);
    }
  });
});
