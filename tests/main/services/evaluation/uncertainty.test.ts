import { describe, expect, it } from 'vitest';
import { measureUncertainty, summariseUncertainty } from '../../../../main/services/evaluation/uncertainty.ts';
import type { Segmentation } from '../../../../main/services/segmentation/segmenter.ts';
import { stream } from '../../../../ml/random/stream.ts';
import type { Grid } from '../../../../ml/volume/grid.ts';

const grid: Grid = {
  shape: [6, 1, 4],
  spacing: [10, 10, 10],
  unit: 'mm',
  origin: [0, 0, 0],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};
const structures = [{ value: 7, name: 'liver' }];

/** One row a slice. */
const rows = (...slices: readonly string[]): Uint8Array => Uint8Array.from(slices.join(''), Number);
const reference = rows('001100', '001100', '001100', '000000');
const found = rows('001100', '001110', '001100', '000000');
/** Sure everywhere but at the voxel that is wrong. */
const entropy = Float32Array.from(found, (value, v) => (value === reference[v] ? 0.1 : 0.9));

const segmentation = (samples: readonly Uint8Array[]): Segmentation => ({
  classes: found,
  entropy,
  samples,
  trajectory: [],
  classVoxels: [0, 1].map((place) => samples.map((sample) => sample.filter((value) => value === place).length)),
  probability: new Float32Array(),
  variance: new Float32Array(),
  mutualInformation: new Float32Array(),
  networkPasses: 1,
  patch: [],
  seconds: { preprocess: 0, network: 0, postprocess: 0 },
  warnings: [],
});

describe('measureUncertainty', () => {
  it('gives full marks to entropy that is high where the mask is wrong, and nowhere else', () => {
    const { errorDetection, sliceReview, review, samples } = measureUncertainty(
      segmentation([found]),
      reference,
      grid,
      structures,
      0.3,
    );
    expect(errorDetection).toBe(1);
    // All of the error is in the first of four slices by score: 1/2 of a slice, then all.
    expect(sliceReview).toBeCloseTo((0.5 + 3) / 4, 12);
    expect(review.error).toBe(0.3);
    expect(review.score).toBeGreaterThan(0.1);
    expect(review.score).toBeLessThan(0.9);
    expect(samples).toEqual([]);
  });

  it('says whether the reference lies in the range of the samples, and how they differ', () => {
    const [one] = measureUncertainty(segmentation([found, reference]), reference, grid, structures, 0).samples;
    // 7 and 6 voxels of which the reference has 6; they share 6 of 7.
    expect(one).toMatchObject({ structure: structures[0], covered: 1 });
    expect(one!.diversity).toBeCloseTo((1 - 6 / 7) / 2, 12);
    expect(one!.energyDistance).toBeCloseTo(2 * ((1 - 6 / 7) / 2) - (1 - 6 / 7) / 2, 12);
    const [missed] = measureUncertainty(segmentation([found, found]), reference, grid, structures, 0).samples;
    expect(missed).toMatchObject({ covered: 0, diversity: 0 });
  });
});

describe('summariseUncertainty', () => {
  it('puts cases in the order of their uncertainty, and leaves out those that could not be measured', () => {
    const one = measureUncertainty(segmentation([found, reference]), reference, grid, structures, 0.3);
    const sure = { ...one, review: { score: 0.1, error: 0.01 } };
    const cases = [one, sure, undefined].map((uncertainty, n) => ({ group: String(n), uncertainty }));
    const summary = summariseUncertainty(cases, (purpose) => stream(0, purpose))!;
    expect(summary.errorDetection).toMatchObject({ mean: 1, count: 2 });
    expect(summary.caseReview!.area).toBeCloseTo((0.3 / 0.31 / 2 + (0.3 / 0.31 + 1) / 2) / 2, 12);
    expect(summary.samples).toMatchObject([{ structure: 'liver', coverage: { mean: 1 } }]);
    expect(summariseUncertainty(cases.slice(2), (purpose) => stream(0, purpose))).toBeUndefined();
  });
});
