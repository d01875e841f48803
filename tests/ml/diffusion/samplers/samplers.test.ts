import { describe, expect, it } from 'vitest';
import { addNoise } from '../../../../ml/diffusion/gaussian/addNoise.ts';
import { toProbabilities } from '../../../../ml/diffusion/gaussian/maskSpace.ts';
import { ddim } from '../../../../ml/diffusion/samplers/ddim.ts';
import { ddpm } from '../../../../ml/diffusion/samplers/ddpm.ts';
import { dpmSolver } from '../../../../ml/diffusion/samplers/dpmSolver.ts';
import { sampleStreams } from '../../../../ml/diffusion/samplers/sampleNoise.ts';
import type { PredictXStart, SamplerStep } from '../../../../ml/diffusion/samplers/sampler.ts';
import { xStartFromNoise, xStartPredictor } from '../../../../ml/diffusion/samplers/sampler.ts';
import { startFromNoise, startFromPrior } from '../../../../ml/diffusion/samplers/start.ts';
import { cosine } from '../../../../ml/diffusion/schedules/cosine.ts';
import { linear } from '../../../../ml/diffusion/schedules/linear.ts';
import type { RespacedSchedule } from '../../../../ml/diffusion/schedules/respace.ts';
import { respace } from '../../../../ml/diffusion/schedules/respace.ts';
import { truncate } from '../../../../ml/diffusion/schedules/truncate.ts';
import type { Rng } from '../../../../ml/random/rng.ts';
import { stream } from '../../../../ml/random/stream.ts';
import { largestDifference } from '../largestDifference.ts';

type Sampler = (
  predict: PredictXStart,
  xEnd: Float32Array,
  schedule: RespacedSchedule,
  rngs: readonly Rng[],
) => AsyncGenerator<SamplerStep, void>;

const samplers: readonly { name: string; sampler: Sampler }[] = [
  { name: 'ddim', sampler: ddim },
  { name: 'ddim with eta 0.5', sampler: (...chain) => ddim(...chain, 0.5) },
  { name: 'dpm-solver', sampler: dpmSolver },
  { name: 'ddpm', sampler: ddpm },
  { name: 'ddpm with large variance', sampler: (...chain) => ddpm(...chain, 'fixedLarge') },
];

const thousand = linear(1000);

/** A made-up network: smooth, different for every value and time, in [-1, 1]. */
const wavy: PredictXStart = (xT, t) => Promise.resolve(xT.map((x) => Math.tanh(1.5 * x + Math.sin(t))));

/** Runs a chain; gives its steps, and every x_t that the network saw. */
async function run(
  sampler: Sampler,
  predict: PredictXStart,
  xEnd: Float32Array,
  schedule: RespacedSchedule,
  rngs: Rng[],
) {
  const seen: Float32Array[] = [];
  const steps: SamplerStep[] = [];
  const watched: PredictXStart = (xT, t) => {
    seen.push(xT.slice());
    return predict(xT, t);
  };
  for await (const step of sampler(watched, xEnd, schedule, rngs)) steps.push(step);
  return { seen, steps, result: steps.at(-1)!.xStartPred };
}

describe.each(samplers)('$name', ({ sampler }) => {
  it('asks the network at the original steps, noisiest first, and counts down to 0', async () => {
    const times: number[] = [];
    const predict: PredictXStart = (xT, t) => {
      times.push(t);
      return wavy(xT, t);
    };
    const rngs = sampleStreams(0, 0, 1);
    const { steps } = await run(sampler, predict, startFromNoise(4, rngs), respace(thousand, 5), rngs);
    expect(times).toEqual([999, 749, 500, 250, 0]);
    expect(steps.map(({ index, t }) => [index, t])).toEqual(times.map((t, i) => [4 - i, t]));
  });

  it('is a direct prediction from the start where there is one step', async () => {
    const rngs = sampleStreams(1, 0, 2);
    const xEnd = startFromNoise(50, rngs);
    const { steps, seen, result } = await run(sampler, wavy, xEnd, respace(thousand, 1), rngs);
    expect(steps).toHaveLength(1);
    expect(seen[0]).toEqual(xEnd);
    expect(result).toEqual(await wavy(xEnd, 999));
  });

  it('gives a sample the same bytes whichever samples it is batched with', async () => {
    const schedule = respace(cosine(100), 7);
    const sample = async (first: number, count: number) => {
      const rngs = sampleStreams(5, first, count, 'window', 3);
      const { result } = await run(sampler, wavy, startFromNoise(30, rngs), schedule, rngs);
      return [...result];
    };
    const together = await sample(0, 4);
    expect([...(await sample(0, 2)), ...(await sample(2, 2))]).toEqual(together);
    expect([...(await sample(0, 1)), ...(await sample(1, 3))]).toEqual(together);
    expect(new Set([0, 30, 60, 90].map((at) => together[at])).size).toBe(4);
  });

  it('stops asking where its steps are no longer wanted', async () => {
    let calls = 0;
    const predict: PredictXStart = (xT, t) => {
      calls += 1;
      return wavy(xT, t);
    };
    const rngs = sampleStreams(0, 0, 1);
    for await (const { index } of sampler(predict, startFromNoise(4, rngs), respace(thousand, 10), rngs)) {
      if (index === 7) break;
    }
    expect(calls).toBe(3);
  });

  it('leaves the start as it was, and passes on what the network throws', async () => {
    const rngs = sampleStreams(0, 0, 1);
    const xEnd = startFromNoise(4, rngs);
    const before = xEnd.slice();
    await run(sampler, wavy, xEnd, respace(thousand, 10), rngs);
    expect(xEnd).toEqual(before);
    const broken: PredictXStart = () => Promise.reject(new Error('device lost'));
    await expect(run(sampler, broken, xEnd, respace(thousand, 10), rngs)).rejects.toThrow('device lost');
  });

  it('brings noise to the distribution of the masks, where the network knows it', async () => {
    // For x_0 ~ N(m, s^2) the best prediction is E[x_0 | x_t], by Bayes; the chain must then end in N(m, s^2).
    const [m, s] = [0.3, 0.4];
    const predict: PredictXStart = (xT, t) => {
      const alphaCumprod = thousand.alphasCumprod[t]!;
      const gain = (Math.sqrt(alphaCumprod) * s * s) / (alphaCumprod * s * s + 1 - alphaCumprod);
      return Promise.resolve(xT.map((x) => m + gain * (x - Math.sqrt(alphaCumprod) * m)));
    };
    const rngs = sampleStreams(2, 0, 1);
    const { result } = await run(sampler, predict, startFromNoise(10_000, rngs), respace(thousand, 500), rngs);
    const mean = result.reduce((sum, x) => sum + x, 0) / result.length;
    const spread = Math.sqrt(result.reduce((sum, x) => sum + (x - mean) ** 2, 0) / result.length);
    // Standard errors 0.004 and 0.003; the steps' own error is below 0.005 at 500 of them.
    expect(Math.abs(mean - m)).toBeLessThan(0.015);
    expect(Math.abs(spread - s)).toBeLessThan(0.015);
  });
});

describe('ddim', () => {
  const xStart = Float32Array.from({ length: 200 }, (_, i) => (i % 3 === 0 ? 1 : -1));
  const truth: PredictXStart = () => Promise.resolve(xStart);

  it('keeps to the line between the true mask and its noise, and ends at the mask', async () => {
    const schedule = respace(thousand, 20);
    const eps = startFromNoise(200, sampleStreams(3, 0, 1));
    const { seen, result } = await run(ddim, truth, addNoise(xStart, eps, 19, schedule), schedule, []);
    for (const [i, xT] of seen.entries()) {
      expect(largestDifference(xT, addNoise(xStart, eps, 19 - i, schedule))).toBeLessThan(2e-6);
    }
    expect(result).toEqual(xStart);
  });

  it('draws no noise at eta 0', async () => {
    const [rng, untouched] = [stream(4), stream(4)];
    await run(ddim, truth, new Float32Array(200), respace(thousand, 20), [rng]);
    expect(rng.uniform()).toBe(untouched.uniform());
  });

  it('is ddpm at eta 1', async () => {
    const schedule = respace(thousand, 20);
    const xEnd = startFromNoise(200, sampleStreams(5, 0, 1));
    const asDdpm: Sampler = (...chain) => ddim(...chain, 1);
    const one = await run(asDdpm, truth, xEnd, schedule, sampleStreams(6, 0, 1));
    const other = await run(ddpm, truth, xEnd, schedule, sampleStreams(6, 0, 1));
    for (const [i, xT] of one.seen.entries()) expect(largestDifference(xT, other.seen[i]!)).toBeLessThan(3e-6);
  });

  it('refuses an eta outside of [0, 1]', async () => {
    for (const eta of [-0.1, 1.1, NaN]) {
      await expect(ddim(truth, xStart, respace(thousand, 2), [], eta).next()).rejects.toThrow('eta');
    }
  });
});

describe('sampleStreams', () => {
  it('has a stream for each seed, sample and place', () => {
    const streams = [sampleStreams(0, 0, 3), sampleStreams(1, 0, 3), sampleStreams(0, 0, 3, 'window', 0)];
    expect(new Set(streams.flat().map((rng) => rng.uniform())).size).toBe(9);
  });
});

describe('start', () => {
  it('puts the noise of the highest step kept on the pre-segmentation, for each sample its own', () => {
    const schedule = truncate(respace(thousand, 10), 0.3);
    const prior = Float32Array.from({ length: 300 }, (_, i) => (i % 4) / 3);
    const xEnd = startFromPrior(prior, schedule, sampleStreams(7, 0, 2));
    const alphaCumprod = thousand.alphasCumprod[222]!;
    expect(schedule.steps).toEqual([0, 111, 222]);
    for (const [i, rng] of sampleStreams(7, 0, 2).entries()) {
      const noise = Array.from({ length: 300 }, () => rng.normal());
      const expected = noise.map(
        (eps, at) => Math.sqrt(alphaCumprod) * (2 * prior[at]! - 1) + Math.sqrt(1 - alphaCumprod) * eps,
      );
      expect(largestDifference(xEnd.subarray(i * 300, (i + 1) * 300), expected)).toBeLessThan(1e-6);
    }
  });

  it('refuses noise that its samples cannot share', async () => {
    const chain = ddpm(wavy, new Float32Array(7), respace(thousand, 2), sampleStreams(0, 0, 2));
    await expect(chain.next()).rejects.toThrow('cannot be shared');
  });
});

describe('xStartPredictor', () => {
  it('shows the network a mask in [0, 1] and takes its probabilities to diffusion space', async () => {
    const asked: unknown[] = [];
    const predict = xStartPredictor((noisyMask, t) => {
      asked.push([...noisyMask], t);
      return Promise.resolve(Float32Array.of(0.75, 0.25, 1, 0));
    });
    const xStartPred = await predict(Float32Array.of(-4, 0, 0.5, 2), 123);
    expect(asked).toEqual([[0, 0.5, 0.75, 1], 123]);
    expect(xStartPred).toEqual(Float32Array.of(0.5, -0.5, 1, -1));
    expect(toProbabilities(xStartPred)).toEqual(Float32Array.of(0.75, 0.25, 1, 0));
  });
});

describe('xStartFromNoise', () => {
  it('takes the noise away that a network sees in the noisy mask, and clips what is left', async () => {
    const xStart = Float32Array.of(-1, 0.25, 1, 0.5);
    const eps = Float32Array.of(-0.3, -2, 1, 0.8);
    const xT = addNoise(xStart, eps, 500, thousand);
    const predict = xStartFromNoise((noisyMask, t) => {
      expect(noisyMask).toEqual(toProbabilities(xT));
      expect(t).toBe(500);
      return Promise.resolve(eps.slice());
    }, thousand);
    expect(largestDifference(await predict(xT, 500), xStart)).toBeLessThan(1e-5);
    const none = xStartFromNoise(() => Promise.resolve(new Float32Array(4)), thousand);
    expect(await none(xT, 500)).toEqual(Float32Array.of(-1, -1, 1, 1));
  });
});
