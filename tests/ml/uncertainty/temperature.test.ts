import { describe, expect, it } from 'vitest';
import { expectedCalibrationError, reliabilityBins } from '../../../ml/uncertainty/calibration.ts';
import { fitTemperature, tryTemperatures, withTemperature } from '../../../ml/uncertainty/temperature.ts';
import { stream } from '../../../ml/random/stream.ts';

const CLASSES = 3;
const VOXELS = 20_000;

/** Probabilities that are right about themselves, and references drawn by them. */
function calibrated(seed: number): { probability: Float32Array; reference: Uint8Array } {
  const rng = stream(seed, 'test');
  const probability = new Float32Array(CLASSES * VOXELS);
  const reference = new Uint8Array(VOXELS);
  for (let v = 0; v < VOXELS; v++) {
    const logits = [2 * rng.normal(), 2 * rng.normal(), 2 * rng.normal()].map(Math.exp);
    const total = logits.reduce((sum, value) => sum + value, 0);
    const drawn = rng.uniform() * total;
    reference[v] = drawn < logits[0]! ? 0 : drawn < logits[0]! + logits[1]! ? 1 : 2;
    for (const [c, value] of logits.entries()) probability[c * VOXELS + v] = value / total;
  }
  return { probability, reference };
}

const inside = new Uint8Array(VOXELS).fill(1);

describe('withTemperature', () => {
  it('is the softmax of logits over the temperature', () => {
    const logits = [1, -2, 0.5];
    const softmax = (t: number): number[] => {
      const powers = logits.map((value) => Math.exp(value / t));
      return powers.map((value) => value / powers.reduce((sum, one) => sum + one, 0));
    };
    for (const t of [0.5, 1, 3]) {
      const found = withTemperature(Float32Array.from(softmax(1)), 3, t);
      for (const [c, value] of softmax(t).entries()) expect(found[c]).toBeCloseTo(value, 6);
    }
  });

  it('leaves what is certain certain', () => {
    expect([...withTemperature(Float32Array.of(1, 0, 0), 3, 4)]).toEqual([1, 0, 0]);
  });
});

describe('fitTemperature', () => {
  it.each([0.5, 1, 2, 4])('finds that probabilities were sharpened by %d, and undoes it', (sharpened) => {
    const { probability, reference } = calibrated(3);
    const sure = withTemperature(probability, CLASSES, 1 / sharpened);
    const fitted = fitTemperature([tryTemperatures(sure, CLASSES, reference, inside)])!;
    expect(fitted.temperature).toBeCloseTo(sharpened, 6);
    const errorOf = (p: Float32Array) => expectedCalibrationError(reliabilityBins(p, CLASSES, reference, inside))!;
    expect(fitted.errorBefore).toBeCloseTo(errorOf(sure), 9);
    expect(fitted.errorAfter).toBeCloseTo(errorOf(withTemperature(sure, CLASSES, sharpened)), 9);
    expect(fitted.errorAfter).toBeLessThan(0.01);
  });

  it('looks at the voxels inside alone, and at all cases together', () => {
    const { probability, reference } = calibrated(4);
    const sure = withTemperature(probability, CLASSES, 0.5);
    const left = inside.map((_, v) => (v < VOXELS / 2 ? 1 : 0));
    const right = left.map((value) => 1 - value);
    const wrong = reference.map((value, v) => (left[v] === 1 ? value : (value + 1) % CLASSES));
    expect(fitTemperature([tryTemperatures(sure, CLASSES, wrong, left)])!.temperature).toBeCloseTo(2, 6);
    const [whole, parts] = [[inside], [left, right]].map((regions) =>
      fitTemperature(regions.map((region) => tryTemperatures(sure, CLASSES, reference, region))),
    );
    expect(parts!.temperature).toBe(whole!.temperature);
    expect(parts!.errorAfter).toBeCloseTo(whole!.errorAfter, 9);
  });

  it('finds nothing without a voxel', () => {
    const { probability, reference } = calibrated(5);
    expect(fitTemperature([tryTemperatures(probability, CLASSES, reference, new Uint8Array(VOXELS))])).toBeUndefined();
  });
});
