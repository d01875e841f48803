import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addNoise, solveEps, solveXStart } from '../../../../ml/diffusion/gaussian/addNoise.ts';
import { linear } from '../../../../ml/diffusion/schedules/linear.ts';
import { fillNormal } from '../../../../ml/random/fillNormal.ts';
import { stream } from '../../../../ml/random/stream.ts';
import { largestDifference } from '../largestDifference.ts';

const schedule = linear(1000);

function normals(length: number, ...keys: (string | number)[]): Float32Array {
  const target = new Float32Array(length);
  fillNormal(target, stream(0, ...keys));
  return target;
}

const xStart = normals(500, 'xStart').map(Math.tanh);
const eps = normals(500, 'eps');
const anyStep = fc.integer({ min: 0, max: 999 });

describe('addNoise', () => {
  it('has the mean and the variance of q(x_t | x_0)', () => {
    const noise = normals(400_000, 'many');
    const xT = addNoise(new Float32Array(400_000).fill(-0.8), noise, 300, schedule);
    const mean = xT.reduce((sum, x) => sum + x, 0) / xT.length;
    const variance = xT.reduce((sum, x) => sum + (x - mean) ** 2, 0) / xT.length;
    const alphaCumprod = schedule.alphasCumprod[300]!;
    // Five standard errors.
    expect(Math.abs(mean - -0.8 * Math.sqrt(alphaCumprod))).toBeLessThan(5 / Math.sqrt(4e5));
    expect(Math.abs(variance - (1 - alphaCumprod))).toBeLessThan(5 * Math.sqrt(2 / 4e5));
  });

  it('is undone by solveXStart and solveEps', () => {
    fc.assert(
      fc.property(anyStep, (t) => {
        const xT = addNoise(xStart, eps, t, schedule);
        const signal = Math.sqrt(schedule.alphasCumprod[t]!);
        const noise = Math.sqrt(1 - schedule.alphasCumprod[t]!);
        // Rounding to float32 moves x_t and the result by at most 2^-22 each (below 8); x_t is then divided by the share.
        expect(largestDifference(solveXStart(xT, eps, t, schedule), xStart)).toBeLessThan(2 ** -22 / signal + 2 ** -22);
        expect(largestDifference(solveEps(xT, xStart, t, schedule), eps)).toBeLessThan(2 ** -22 / noise + 2 ** -22);
      }),
    );
  });

  it('writes where it is told, also over its inputs', () => {
    const expected = addNoise(xStart, eps, 500, schedule);
    for (const pick of [0, 1]) {
      const inputs = [xStart.slice(), eps.slice()] as const;
      const target = inputs[pick]!;
      expect(addNoise(...inputs, 500, schedule, target)).toBe(target);
      expect(target).toEqual(expected);
    }
  });

  it('refuses lengths that differ and steps that are not there', () => {
    expect(() => addNoise(xStart, eps.subarray(1), 0, schedule)).toThrow('differ');
    expect(() => addNoise(xStart, eps, 0, schedule, new Float32Array(1))).toThrow('differ');
    expect(() => addNoise(xStart, eps, 1000, schedule)).toThrow('outside');
  });
});
