import { describe, expect, it } from 'vitest';
import { linear } from '../../../ml/diffusion/schedules/linear.ts';
import { respace } from '../../../ml/diffusion/schedules/respace.ts';
import { toProbabilities } from '../../../ml/diffusion/gaussian/maskSpace.ts';
import { sampleStreams } from '../../../ml/diffusion/samplers/sampleNoise.ts';
import { startFromPrior } from '../../../ml/diffusion/samplers/start.ts';
import { truncate } from '../../../ml/diffusion/schedules/truncate.ts';
import {
  countPasses,
  predictSamples,
  samplerNames,
  type Prediction,
  type SamplerName,
} from '../../../ml/inference/predictSamples.ts';
import { largestDifference } from '../diffusion/largestDifference.ts';
import { sizeOf } from '../../../ml/graph/shape.ts';
import { stream } from '../../../ml/random/stream.ts';
import { tinyNetwork } from '../training/tinyStep.ts';
import type { NoisyMask, PatchNetwork } from '../../../ml/inference/patchNetwork.ts';
import type { Shape } from '../../../ml/graph/ops.ts';

const CLASSES = 3;

/** A network without weights: what it answers is a softmax of what it sees. */
function network(patch: Shape, maskChannels: number, seen: (NoisyMask | undefined)[] = []): PatchNetwork {
  const voxels = sizeOf(patch);
  return {
    config: tinyNetwork({ dimensions: patch.length === 2 ? 2 : 3, maskChannels, classes: CLASSES }),
    patch,
    predict: (image, noisy) => {
      seen.push(noisy && { ...noisy, mask: noisy.mask.slice() });
      const probability = new Float32Array(CLASSES * voxels);
      for (let v = 0; v < voxels; v++) {
        const weights = [0, 1, 2].map((c) => Math.exp(c * image[v]! + 2 * (noisy?.mask[c * voxels + v] ?? 0)));
        const total = weights.reduce((a, b) => a + b);
        for (const [c, weight] of weights.entries()) probability[c * voxels + v] = weight / total;
      }
      return Promise.resolve(probability);
    },
    dispose: () => Promise.resolve(),
  };
}

const shape = [6, 7, 8];
const rng = stream(0, 'image');
const image = { data: Float32Array.from({ length: 336 }, () => rng.normal()), shape };

const schedule = linear(1000);

interface Drawing {
  readonly samples?: number;
  readonly steps?: number;
  readonly seed?: number;
  readonly sampler?: SamplerName;
  readonly patch?: Shape;
  readonly seen?: (NoisyMask | undefined)[];
}

const diffusion = ({
  samples = 1,
  steps = 3,
  seed = 0,
  sampler = 'ddim',
  patch = [4, 4, 4],
  seen = [],
}: Drawing = {}) => ({
  network: network(patch, CLASSES, seen),
  trained: schedule,
  schedule: respace(schedule, steps),
  sampler,
  samples,
  seed,
});

async function all(prediction: Prediction, onPass: () => void = () => undefined): Promise<readonly Float32Array[]> {
  const drawn: Float32Array[] = [];
  for await (const sample of predictSamples(image, prediction, onPass)) drawn.push(sample);
  return drawn;
}

describe('predictSamples', () => {
  it.each(samplerNames)('sample i is the same whatever the number of samples (%s)', async (sampler) => {
    const many = await all({ method: 'diffusion', diffusion: diffusion({ samples: 4, sampler }) });
    expect(many).toHaveLength(4);
    for (const count of [1, 2, 3])
      expect(await all({ method: 'diffusion', diffusion: diffusion({ samples: count, sampler }) })).toEqual(
        many.slice(0, count),
      );
    expect(many[1]).not.toEqual(many[0]);
  });

  it('gives the same samples for the same seed and others for another', async () => {
    const drawn = (seed: number) => all({ method: 'diffusion', diffusion: diffusion({ seed }) });
    expect(await drawn(1)).toEqual(await drawn(1));
    expect(await drawn(2)).not.toEqual(await drawn(1));
  });

  it('starts from a prior with the noise of the highest step that is run, background outside of the image', async () => {
    const seen: (NoisyMask | undefined)[] = [];
    const lower = truncate(respace(schedule, 50), 0.1);
    const settings = { ...diffusion({ patch: [8, 8, 8], seen, seed: 4 }), schedule: lower };
    const probability = new Float32Array(CLASSES * 336).fill(1 / CLASSES);
    await all({ method: 'pd-ddpm', prior: { probability }, diffusion: settings });
    expect(seen).toHaveLength(5);
    expect(seen[0]!.time).toBeCloseTo((lower.steps.at(-1)! + 1) / 1000, 12);
    const inside = new Float32Array(CLASSES * 512);
    for (let v = 0; v < 512; v++) {
      // A window of 8 x 8 x 8 around 6 x 7 x 8.
      const [k, j] = [Math.floor(v / 64) - 1, Math.floor(v / 8) % 8];
      const isInside = k >= 0 && k < 6 && j < 7;
      for (let c = 0; c < CLASSES; c++) inside[c * 512 + v] = isInside ? 1 / CLASSES : Number(c === 0);
    }
    const expected = toProbabilities(startFromPrior(inside, lower, sampleStreams(4, 0, 1, 0)));
    expect(seen[0]!.mask).toEqual(expected);
  });

  it('takes the prior from a network, asked once for the whole image', async () => {
    const lower = truncate(respace(schedule, 50), 0.1);
    const direct = network([4, 4, 4], 0);
    const settings = { ...diffusion({ samples: 2 }), schedule: lower };
    const [answer] = await all({ method: 'direct', direct });
    const byNetwork: Prediction = { method: 'pd-ddpm', prior: { network: direct }, diffusion: settings };
    const given: Prediction = { method: 'pd-ddpm', prior: { probability: answer! }, diffusion: settings };
    expect(await all(byNetwork)).toEqual(await all(given));
    let passes = 0;
    await all(byNetwork, () => passes++);
    expect(passes).toBe(countPasses(byNetwork, shape));
    expect(countPasses(byNetwork, shape)).toBe(
      countPasses(given, shape) + countPasses({ method: 'direct', direct }, shape),
    );
  });

  it('shows a network of two masks its last prediction beside the noisy mask, and nothing at first', async () => {
    const seen: (NoisyMask | undefined)[] = [];
    const answered: Float32Array[] = [];
    const one = network([8, 8, 8], 2 * CLASSES, seen);
    const predict: PatchNetwork['predict'] = async (...given) => {
      const answer = await one.predict(...given);
      answered.push(answer.slice());
      return answer;
    };
    await all({ method: 'diffusion', diffusion: { ...diffusion(), network: { ...one, predict } } });
    expect(seen.map((noisy) => noisy!.mask.length)).toEqual([3072, 3072, 3072]);
    const second = seen.map((noisy) => noisy!.mask.subarray(CLASSES * 512));
    expect(second[0]).toEqual(new Float32Array(CLASSES * 512));
    for (const [at, shown] of second.slice(1).entries())
      expect(largestDifference(shown, answered[at]!)).toBeLessThan(1e-6);
  });

  it('gives class probabilities', async () => {
    const methods: readonly Prediction[] = [
      { method: 'direct', direct: network([4, 4, 4], 0) },
      { method: 'diffusion', diffusion: diffusion() },
      { method: 'ensemble', direct: network([4, 4, 4], 0), diffusion: diffusion() },
    ];
    for (const method of methods) {
      const [probability] = await all(method);
      const sums = Array.from({ length: 336 }, (_, v) =>
        [0, 1, 2].reduce((sum, c) => sum + probability![c * 336 + v]!, 0),
      );
      expect(Math.max(...sums.map((sum) => Math.abs(sum - 1)))).toBeLessThan(1e-5);
    }
  });

  it('takes away the noise that a network predicts, and gives class probabilities', async () => {
    const noisy: PatchNetwork = {
      ...network([8, 8, 8], CLASSES),
      prediction: 'noise',
      // Noise of which class 2 is free, and class 1 half of the time.
      predict: (_, given) =>
        Promise.resolve(given!.mask.map((value, at) => (at < 512 ? value : at % 2 === 0 ? -value : -1))),
    };
    const settings = { ...diffusion({ samples: 2, steps: 4 }), network: noisy };
    const drawn = await all({ method: 'diffusion', diffusion: settings });
    for (const probability of drawn) {
      for (let v = 0; v < 336; v++) {
        const own = [0, 1, 2].map((c) => probability[c * 336 + v]!);
        expect(Math.min(...own)).toBeGreaterThanOrEqual(0);
        expect(own.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
      }
    }
    const loose = { ...noisy, config: { ...noisy.config, membership: 'independent' as const } };
    const [free] = await all({ method: 'diffusion', diffusion: { ...settings, network: loose } });
    const sums = Array.from({ length: 336 }, (_, v) => [0, 1, 2].reduce((sum, c) => sum + free![c * 336 + v]!, 0));
    expect(Math.max(...sums)).toBeGreaterThan(1.5);
  });

  it('shows a network of two dimensions the slices beside each, zeros beyond the image', async () => {
    const windows: Float32Array[] = [];
    const flat = network([7, 8], 0);
    const seeing: PatchNetwork = {
      ...flat,
      config: { ...flat.config, imageChannels: 5 },
      predict: (window) => {
        windows.push(window);
        return flat.predict(window.subarray(2 * 56, 3 * 56));
      },
    };
    const [drawn] = await all({ method: 'direct', direct: seeing });
    expect(drawn).toEqual((await all({ method: 'direct', direct: flat }))[0]);
    expect(windows).toHaveLength(6);
    for (const [k, window] of windows.entries())
      for (let slice = 0; slice < 5; slice++) {
        const at = k + slice - 2;
        const expected = at < 0 || at > 5 ? new Float32Array(56) : image.data.slice(at * 56, at * 56 + 56);
        expect(window.slice(slice * 56, slice * 56 + 56)).toEqual(expected);
      }
  });

  it('one step is one pass on pure noise at T-1, the answer itself', async () => {
    const seen: (NoisyMask | undefined)[] = [];
    const one = diffusion({ steps: 1, patch: shape, seen });
    const [drawn] = await all({ method: 'diffusion', diffusion: one });
    expect(seen).toHaveLength(1);
    expect(seen[0]!.time).toBe(1);
    const answer = await one.network.predict(image.data, seen[0]);
    expect(Math.max(...answer.map((value, at) => Math.abs(value - drawn![at]!)))).toBeLessThan(1e-6);
    const mask = [...seen[0]!.mask];
    expect(Math.min(...mask)).toBe(0);
    expect(Math.max(...mask)).toBe(1);
    expect(mask.reduce((a, b) => a + b) / mask.length).toBeCloseTo(0.5, 1);
  });

  it('tells the network the original step of each pass, falling', async () => {
    const seen: (NoisyMask | undefined)[] = [];
    await all({ method: 'diffusion', diffusion: diffusion({ steps: 3, patch: shape, seen }) });
    expect(seen.map((noisy) => noisy!.time)).toEqual([1, 0.501, 0.001]);
  });

  it('the ensemble is the mean of the direct answer and each sample', async () => {
    const direct = network([4, 4, 4], 0);
    const [answer] = await all({ method: 'direct', direct });
    const drawn = await all({ method: 'diffusion', diffusion: diffusion({ samples: 2 }) });
    const both = await all({ method: 'ensemble', direct, diffusion: diffusion({ samples: 2 }) });
    for (const [i, sample] of drawn.entries())
      expect(both[i]).toEqual(sample.map((value, at) => (value + answer![at]!) / 2));
  });

  it('counts its passes before it makes them', async () => {
    const predictions: readonly Prediction[] = [
      { method: 'direct', direct: network([4, 4, 4], 0) },
      { method: 'diffusion', diffusion: diffusion({ samples: 2, steps: 3 }) },
      { method: 'ensemble', direct: network([8, 8, 8], 0), diffusion: diffusion({ samples: 2, steps: 2 }) },
    ];
    for (const prediction of predictions) {
      let passes = 0;
      await all(prediction, () => {
        passes++;
      });
      expect(countPasses(prediction, shape)).toBe(passes);
    }
  });

  it('goes slice by slice with a network of two dimensions', async () => {
    const flat = { method: 'direct', direct: network([7, 8], 0) } as const;
    expect(countPasses(flat, shape)).toBe(6);
    const whole = await network(shape, 0).predict(image.data);
    const [drawn] = await all(flat);
    expect(Math.max(...drawn!.map((value, at) => Math.abs(value - whole[at]!)))).toBeLessThan(1e-6);
  });

  it('ends with what onPass throws', async () => {
    let passes = 0;
    const stopped = all({ method: 'diffusion', diffusion: diffusion() }, () => {
      if (++passes === 5) throw new Error('stopped');
    });
    await expect(stopped).rejects.toThrow('stopped');
    expect(passes).toBe(5);
  });
});
