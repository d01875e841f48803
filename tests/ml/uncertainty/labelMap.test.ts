import { describe, expect, it } from 'vitest';
import { mostEntropy, predictiveEntropy } from '../../../ml/uncertainty/entropy.ts';
import { countVoxelsOfClasses, labelMap, maskOfClass } from '../../../ml/uncertainty/labelMap.ts';
import { SampleAccumulator } from '../../../ml/uncertainty/sampleAccumulator.ts';

// Background, a whole of three voxels, and its core of one: [classes, voxels].
const probability = Float32Array.from(
  [
    [0.9, 0.1, 0.2, 0.4],
    [0.1, 0.9, 0.8, 0.6],
    [0, 0.7, 0.5, 0.1],
  ].flat(),
);

describe('independent classes', () => {
  it('make one map in which a structure shows before the one it lies in', () => {
    expect([...labelMap(probability, 3, 'independent')]).toEqual([0, 2, 1, 1]);
    expect([...labelMap(probability, 3, 'exclusive')]).toEqual([0, 1, 1, 1]);
  });

  it('are whole where they are looked at by themselves, and counted so', () => {
    const map = labelMap(probability, 3, 'independent');
    expect([...maskOfClass(probability, map, 1, 'independent')]).toEqual([0, 1, 1, 1]);
    expect([...maskOfClass(probability, map, 2, 'independent')]).toEqual([0, 1, 0, 0]);
    expect([...maskOfClass(probability, map, 1, 'exclusive')]).toEqual([0, 0, 1, 1]);
    expect(countVoxelsOfClasses(probability, 3, 'independent')).toEqual([1, 3, 1]);
    expect(countVoxelsOfClasses(probability, 3, 'exclusive')).toEqual([1, 3, 0]);
  });

  it('have the entropy of whether each structure is there, without the background', () => {
    const bits = (p: number): number => (p === 0 ? 0 : -p * Math.log2(p) - (1 - p) * Math.log2(1 - p));
    const entropy = predictiveEntropy(probability, 3, 'independent');
    const expected = [bits(0.1), bits(0.9) + bits(0.7), bits(0.8) + 1, bits(0.6) + bits(0.1)];
    for (const [v, value] of entropy.entries()) expect(value).toBeCloseTo(expected[v]!, 6);
    expect([...predictiveEntropy(new Float32Array(3).fill(0.5), 3, 'independent')]).toEqual([2]);
    expect(mostEntropy(3, 'independent')).toBe(2);
  });

  it('are summed up sample by sample in the same way', () => {
    const accumulator = new SampleAccumulator(3, 4, 'independent');
    accumulator.add(probability);
    accumulator.add(Float32Array.from(probability, (p) => 1 - p));
    expect(accumulator.classVoxels.slice(1)).toEqual([
      [3, 1],
      [1, 2],
    ]);
    const { entropy, mutualInformation } = accumulator.spread();
    expect([...entropy].every((bits) => Math.abs(bits - 2) < 1e-6)).toBe(true);
    expect(mutualInformation[0]).toBeGreaterThan(1);
  });
});
