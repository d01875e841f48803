import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectedCalibrationError, poolBins, reliabilityBins } from '../../../ml/uncertainty/calibration.ts';
import { energyDistance, meanDistance } from '../../../ml/uncertainty/energyDistance.ts';
import { errorDetection } from '../../../ml/uncertainty/errorDetection.ts';
import { runPython } from '../../support/python.ts';

interface Drawn {
  readonly probability: readonly number[];
  readonly reference: readonly number[];
  readonly prediction: readonly number[];
  readonly entropy: readonly number[];
  readonly inside: readonly number[];
  readonly error: number;
  readonly area: number;
}

// Computed another way than ours: the error by numpy's binning, the area by scipy's Mann-Whitney statistic. Entropies are rounded so
// that many tie.
const script = `
import json
import numpy as np
from scipy import stats
rng = np.random.default_rng(11)
def draw(voxels):
    logits = 2 * rng.standard_normal((3, voxels))
    p = (np.exp(logits) / np.exp(logits).sum(0)).astype(np.float32)
    y = np.array([rng.choice(3, p=(column := p[:, v].astype(float) ** 0.5) / column.sum()) for v in range(voxels)])
    guess, confidence = p.argmax(0), p.max(0).astype(float)
    entropy = np.round(-(p * np.log2(p)).sum(0), 1).astype(np.float32)
    inside = rng.random(voxels) < 0.7
    bins = np.digitize(confidence[inside], np.linspace(0, 1, 16)[1:-1], right=True)
    error = sum(abs((guess == y)[inside][bins == b].mean() - confidence[inside][bins == b].mean()) * (bins == b).mean() for b in set(bins))
    wrong = (guess != y)[inside]
    area = stats.mannwhitneyu(entropy[inside][wrong], entropy[inside][~wrong]).statistic / (wrong.sum() * (~wrong).sum())
    return {'probability': p.astype(float).ravel().tolist(), 'reference': y.tolist(), 'prediction': guess.tolist(),
            'entropy': entropy.astype(float).tolist(), 'inside': inside.astype(int).tolist(), 'error': error, 'area': area}
print(json.dumps([draw(n) for n in (40, 500, 3000)], allow_nan=False))`;

const draws = runPython<Drawn[]>(script, []);

describe('expectedCalibrationError', () => {
  it('agrees with an independent computation', async () => {
    for (const { probability, reference, inside, error } of await draws) {
      const bins = reliabilityBins(
        Float32Array.from(probability),
        3,
        Uint8Array.from(reference),
        Uint8Array.from(inside),
      );
      expect(bins).toHaveLength(15);
      expect(expectedCalibrationError(bins)).toBeCloseTo(error, 9);
    }
  });

  it('is the distance between confidence and accuracy where all voxels are alike', () => {
    const probability = Float32Array.from([0.25, 0.25, 0.25, 0.25, 0.75, 0.75, 0.75, 0.75]);
    const inside = new Uint8Array(4).fill(1);
    const error = (reference: readonly number[]) =>
      expectedCalibrationError(reliabilityBins(probability, 2, Uint8Array.from(reference), inside));
    expect([error([1, 1, 1, 0]), error([1, 1, 1, 1]), error([0, 0, 0, 0])]).toEqual([0, 0.25, 0.75]);
  });

  it('pools cases as if they were one', async () => {
    const [, second, third] = await draws;
    const bins = [second!, third!].map(({ probability, reference, inside }) =>
      reliabilityBins(Float32Array.from(probability), 3, Uint8Array.from(reference), Uint8Array.from(inside)),
    );
    const pooled = poolBins(bins);
    expect(pooled.map(({ count }) => count)).toEqual(
      bins[0]!.map(({ count }, index) => count + bins[1]![index]!.count),
    );
    expect(expectedCalibrationError(poolBins([bins[0]!]))).toBe(expectedCalibrationError(bins[0]!));
  });

  it('has nothing to say where no voxel is inside', () => {
    const bins = reliabilityBins(Float32Array.from([0.5, 0.5]), 2, Uint8Array.of(0), Uint8Array.of(0));
    expect(expectedCalibrationError(bins)).toBeUndefined();
  });
});

describe('errorDetection', () => {
  it('agrees with the Mann-Whitney statistic of scipy, ties included', async () => {
    for (const { entropy, prediction, reference, inside, area } of await draws) {
      const [p, y, where] = [prediction, reference, inside].map((values) => Uint8Array.from(values));
      expect(errorDetection(Float32Array.from(entropy), p!, y!, where!)).toBeCloseTo(area, 9);
    }
  });

  it('is 1 where every error is more uncertain, 0 where less, 0.5 where entropy says nothing', () => {
    const area = (...bits: number[]) =>
      errorDetection(Float32Array.from(bits), Uint8Array.of(1, 1, 0), Uint8Array.of(1, 0, 0), Uint8Array.of(1, 1, 1));
    expect([area(0, 1, 0), area(1, 0, 1), area(1, 1, 1)]).toEqual([1, 0, 0.5]);
  });

  it('has nothing to say where all is right, or all is wrong', () => {
    const ones = Uint8Array.of(1, 1);
    expect(errorDetection(new Float32Array(2), ones, ones, ones)).toBeUndefined();
    expect(errorDetection(new Float32Array(2), ones, Uint8Array.of(0, 0), ones)).toBeUndefined();
  });
});

describe('energyDistance', () => {
  const masks = fc.array(
    fc.array(fc.constantFrom(0, 1, 2), { minLength: 6, maxLength: 6 }).map((labels) => Uint8Array.from(labels)),
    { minLength: 1, maxLength: 4 },
  );

  it('is 0 between a set and itself, and never less', () => {
    fc.assert(
      fc.property(masks, masks, (samples, references) => {
        expect(energyDistance(samples, samples, 1)).toBeCloseTo(0, 12);
        // 1 - IoU (Jaccard) is a metric of negative type, so the squared energy distance cannot fall below 0.
        expect(energyDistance(samples, references, 1)).toBeGreaterThan(-1e-12);
        expect(energyDistance(samples, references, 1)).toBeCloseTo(energyDistance(references, samples, 1), 12);
      }),
    );
  });

  it('is 2 (1 - IoU) between two single masks', () => {
    expect(energyDistance([Uint8Array.of(1, 1, 0, 0)], [Uint8Array.of(0, 1, 1, 0)], 1)).toBeCloseTo(
      2 * (1 - 1 / 3),
      12,
    );
  });

  it('takes two empty masks for alike', () => {
    expect(meanDistance([Uint8Array.of(0, 2)], [Uint8Array.of(2, 0)], 1)).toBe(0);
  });
});
