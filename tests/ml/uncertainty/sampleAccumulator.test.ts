import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stream } from '../../../ml/random/stream.ts';
import { mostLikelyClass, predictiveEntropy } from '../../../ml/uncertainty/entropy.ts';
import { SampleAccumulator } from '../../../ml/uncertainty/sampleAccumulator.ts';

/** Softmax of normal logits, [classes, voxels]. */
function drawProbability(seed: number, classes: number, voxels: number): Float32Array {
  const rng = stream(seed);
  const weights = Float64Array.from({ length: classes * voxels }, () => Math.exp(2 * rng.normal()));
  return Float32Array.from(weights, (weight, at) => {
    let sum = 0;
    for (let other = at % voxels; other < weights.length; other += voxels) sum += weights[other]!;
    return weight / sum;
  });
}

describe('predictiveEntropy', () => {
  it('is 0 where one class is certain and log2(classes) where all are equal', () => {
    const probability = Float32Array.from([1, 1 / 3, 0, 1 / 3, 0, 1 / 3]);
    const entropy = predictiveEntropy(probability, 3);
    expect(entropy[0]).toBe(0);
    expect(entropy[1]).toBeCloseTo(Math.log2(3), 6);
  });

  it('is one bit for a fair coin', () => {
    expect([...predictiveEntropy(Float32Array.from([0.5, 0.5]), 2)]).toEqual([1]);
  });

  it('stays in [0, log2(classes)] and does not depend on the order of the classes', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 2, max: 5 }), (seed, classes) => {
        const probability = drawProbability(seed, classes, 20);
        const parts = Array.from({ length: classes }, (_, c) => [...probability.subarray(c * 20, c * 20 + 20)]);
        const turned = predictiveEntropy(Float32Array.from(parts.toReversed().flat()), classes);
        predictiveEntropy(probability, classes).forEach((bits, v) => {
          expect(bits).toBeGreaterThanOrEqual(0);
          expect(bits).toBeLessThanOrEqual(Math.fround(Math.log2(classes)));
          expect(bits).toBeCloseTo(turned[v]!, 5);
        });
      }),
    );
  });
});

describe('mostLikelyClass', () => {
  it('is the largest probability, the background in a draw', () => {
    expect([...mostLikelyClass(Float32Array.from([0.4, 0.2, 0.1, 0.4, 0.3, 0.1, 0.2, 0.5, 0.8]), 3)]).toEqual([
      0, 2, 2,
    ]);
  });

  it('refuses probabilities that lack a class', () => {
    expect(() => mostLikelyClass(new Float32Array(7), 3)).toThrow('invariant');
  });
});

describe('SampleAccumulator', () => {
  const classes = 3;
  const voxels = 50;
  const samples = Array.from({ length: 9 }, (_, n) => drawProbability(n, classes, voxels));
  const filled = () => {
    const accumulator = new SampleAccumulator(classes, voxels);
    for (const sample of samples) accumulator.add(sample);
    return accumulator;
  };

  it('gives what all samples kept in memory would give', () => {
    const spread = filled().spread();
    const mean = samples[0]!.map((_, at) => samples.reduce((sum, sample) => sum + sample[at]! / samples.length, 0));
    const entropies = samples.map((sample) => predictiveEntropy(sample, classes));
    const meanEntropy = predictiveEntropy(mean, classes);
    for (let v = 0; v < voxels; v++) {
      let variance = 0;
      for (let at = v; at < mean.length; at += voxels) {
        for (const sample of samples) variance += (sample[at]! - mean[at]!) ** 2 / samples.length / classes;
        expect(spread.probability[at]).toBeCloseTo(mean[at]!, 6);
      }
      const own = entropies.reduce((sum, entropy) => sum + entropy[v]! / samples.length, 0);
      expect(spread.variance[v]).toBeCloseTo(variance, 6);
      expect(spread.entropy[v]).toBeCloseTo(meanEntropy[v]!, 5);
      expect(spread.mutualInformation[v]).toBeCloseTo(meanEntropy[v]! - own, 5);
    }
  });

  it('counts the voxels of each class in each sample', () => {
    const { classVoxels } = filled();
    samples.forEach((sample, n) => {
      const mask = mostLikelyClass(sample, classes);
      expect(classVoxels.map((counts) => counts[n])).toEqual(
        [0, 1, 2].map((index) => mask.filter((label) => label === index).length),
      );
    });
  });

  it('finds no spread in equal samples, and keeps their probability bit for bit', () => {
    const accumulator = new SampleAccumulator(classes, voxels);
    for (let n = 0; n < 5; n++) accumulator.add(samples[0]!);
    const { probability, variance, mutualInformation } = accumulator.spread();
    expect(probability).toEqual(samples[0]);
    expect(Math.max(...variance)).toBe(0);
    expect(Math.max(...mutualInformation)).toBeLessThan(1e-6);
  });

  it('refuses to speak of no samples and samples of another shape', () => {
    expect(() => new SampleAccumulator(2, 3).spread()).toThrow('invariant');
    expect(() => {
      new SampleAccumulator(2, 3).add(new Float32Array(8));
    }).toThrow('invariant');
  });
});
