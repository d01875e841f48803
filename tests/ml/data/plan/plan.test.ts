import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problem } from '../../../../ml/check/problem.ts';
import type { Fingerprint } from '../../../../ml/data/fingerprint.ts';
import { countWeights, estimateMemory } from '../../../../ml/data/plan/estimateMemory.ts';
import { plan } from '../../../../ml/data/plan/plan.ts';
import { planSchema } from '../../../../ml/data/plan/planSchema.ts';
import type { Vector3 } from '../../../../ml/volume/grid.ts';

function fingerprintOf(shape: Vector3, spacing: Vector3, changes: Partial<Fingerprint> = {}): Fingerprint {
  return {
    cases: 3,
    voxels: 1000,
    unit: 'mm',
    shapes: [shape, shape, shape],
    spacings: [spacing, spacing, spacing],
    channels: [
      {
        name: 'T1',
        mean: 400,
        deviation: 100,
        percentile0p5: 100,
        median: 400,
        percentile99p5: 900,
        nonzeroFraction: 1,
      },
    ],
    classes: [
      { name: 'background', voxels: 950, cases: 3 },
      { name: 'liver', voxels: 50, cases: 2 },
    ],
    ...changes,
  };
}

const roomy = { preset: 'base', memoryMiB: 64_000 } as const;

describe('plan', () => {
  it('gives a hippocampus the patch that nnU-Net gives it: 40 x 56 x 40, four levels', () => {
    const made = plan(fingerprintOf([35, 50, 36], [1, 1, 1]), roomy);
    expect(made).toMatchObject({ dimensions: 3, patch: [40, 56, 40], batchSize: 3, spacing: [1, 1, 1] });
    expect(made.network.channels).toEqual([32, 64, 128, 256]);
  });

  it('takes the spacing and the largest patch that are asked for before its own', () => {
    const data = fingerprintOf([100, 80, 60], [1, 1, 2]);
    const made = plan(data, { ...roomy, asked: { spacing: [2], patch: [] } });
    expect(made).toMatchObject({ spacing: [2, 2, 2], patch: [64, 40, 56] });
    expect(made.explanation.join(' ')).toContain('2 x 2 x 2 mm: as asked');
    const along = plan(data, { ...roomy, asked: { spacing: [1, 2, 4], patch: [32, 500, 20] } });
    expect(along).toMatchObject({ spacing: [1, 2, 4], patch: [20, 40, 32] });
  });

  it('sees slices beside the one it segments where slices are thick and few, or as many as asked', () => {
    const thick = plan(fingerprintOf([256, 256, 10], [1, 1, 8]), roomy);
    expect(thick).toMatchObject({ dimensions: 2, context: 1 });
    expect(thick.explanation[0]).toContain('sees 1 slice on either side');
    const asked = { spacing: [], patch: [] };
    const flat = plan(fingerprintOf([64, 64, 40], [1, 1, 1]), { ...roomy, asked: { ...asked, context: 2 } });
    expect(flat).toMatchObject({ dimensions: 2, context: 2, patch: [64, 64] });
    expect(plan(fingerprintOf([64, 64, 40], [1, 1, 1]), roomy)).toMatchObject({ dimensions: 3, context: 0 });
    const single = () => plan(fingerprintOf([64, 64, 1], [1, 1, 1]), { ...roomy, asked: { ...asked, context: 1 } });
    expect(single).toThrow(/single slice have none beside it \(--set context\)/);
  });

  it('gives structures that overlap a mask each, and others where that is asked', () => {
    const data = fingerprintOf([64, 64, 40], [1, 1, 1]);
    expect(plan(data, roomy).membership).toBe('exclusive');
    const overlapping = plan(data, { ...roomy, overlapping: true });
    expect(overlapping.membership).toBe('independent');
    expect(overlapping.explanation[1]).toContain('a mask of its own');
    const asked = { spacing: [], patch: [], classes: 'independent' } as const;
    expect(plan(data, { ...roomy, asked }).membership).toBe('independent');
  });

  it('always divides the patch by the coarsest voxel, keeps 4 voxels there, and stays in memory', () => {
    const sides = fc.integer({ min: 20, max: 600 });
    const presets = fc.constantFrom('small', 'base', 'large');
    fc.assert(
      fc.property(
        fc.tuple(sides, sides, sides),
        fc.integer({ min: 4000, max: 40_000 }),
        presets,
        (shape, memoryMiB, preset) => {
          const made = plan(fingerprintOf(shape, [1, 1, 1]), { preset, memoryMiB });
          const coarsest = 2 ** (made.network.channels.length - 1);
          for (const side of made.patch) {
            expect(side % coarsest).toBe(0);
            expect(side / coarsest).toBeGreaterThanOrEqual(4);
          }
          expect(made.memoryMiB).toBeLessThanOrEqual(memoryMiB);
          expect(made.batchSize).toBeGreaterThanOrEqual(2);
          expect(planSchema.parse(JSON.parse(JSON.stringify(made)))).toEqual(made);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('covers the median shape where memory allows', () => {
    fc.assert(
      fc.property(fc.tuple(...[0, 1, 2].map(() => fc.integer({ min: 20, max: 110 }))), ([i, j, k]) => {
        const { patch } = plan(fingerprintOf([i!, j!, k!], [1, 1, 1]), roomy);
        expect(patch[0]).toBeGreaterThanOrEqual(k!);
        expect(patch[1]).toBeGreaterThanOrEqual(j!);
        expect(patch[2]).toBeGreaterThanOrEqual(i!);
      }),
    );
  });

  it('shortens long axes rather than giving up a level for a short one', () => {
    const made = plan(fingerprintOf([256, 256, 36], [1.25, 1.25, 3]), { preset: 'small', memoryMiB: 4000 });
    expect(made.network.channels).toHaveLength(4);
    expect(made.patch[0]).toBeGreaterThanOrEqual(32);
  });

  it('takes the tenth percentile of the spacing where slices are thick and few', () => {
    const spacings = Array.from({ length: 11 }, (_, n): Vector3 => [1, 1, 5 + n]);
    const shapes = spacings.map((): Vector3 => [256, 256, 30]);
    const made = plan(fingerprintOf([256, 256, 30], [1, 1, 1], { spacings, shapes }), roomy);
    expect(made.spacing).toEqual([1, 1, 6]);
  });

  it('takes the median of the spacing where all axes are alike', () => {
    const spacings: Vector3[] = [
      [1, 1, 1],
      [1, 1, 1.2],
      [1.5, 1, 2],
    ];
    expect(plan(fingerprintOf([60, 60, 60], [1, 1, 1], { spacings }), roomy).spacing).toEqual([1, 1, 1.2]);
  });

  it('plans pictures and thin stacks in two dimensions', () => {
    expect(plan(fingerprintOf([700, 500, 1], [1, 1, 1], { unit: 'voxel' }), roomy)).toMatchObject({
      dimensions: 2,
      unit: 'voxel',
    });
    const heart = plan(fingerprintOf([216, 256, 9], [1.56, 1.56, 10]), roomy);
    expect(heart.dimensions).toBe(2);
    expect(heart.patch).toEqual([256, 224]);
    expect(heart.explanation.join(' ')).toContain('too little depth');
  });

  it('clips CT by the foreground of all cases, and standardises what has no unit case by case', () => {
    const [channel] = fingerprintOf([1, 1, 1], [1, 1, 1]).channels;
    const channels = [
      { ...channel!, name: 'CT' },
      { ...channel!, name: 'FLAIR', nonzeroFraction: 0.4 },
      { ...channel!, name: 'T1' },
    ];
    expect(plan(fingerprintOf([64, 64, 64], [1, 1, 1], { channels }), roomy).normalisation).toEqual([
      { kind: 'clipZscore', low: 100, high: 900, mean: 400, deviation: 100 },
      { kind: 'zscore', over: 'nonzero' },
      { kind: 'zscore', over: 'image' },
    ]);
  });

  it('says what would fit where nothing does', () => {
    const attempt = () => plan(fingerprintOf([64, 64, 64], [1, 1, 1]), { preset: 'large', memoryMiB: 300 });
    expect(attempt).toThrow(Problem);
    expect(attempt).toThrow(/needs \d+ MiB .* smaller preset/);
  });
});

describe('countWeights', () => {
  // The U-Net of 2,195,842 (2-D) and 6,491,074 (3-D) parameters that the speed tables are measured on, with its norms and biases.
  it.each([
    [[128, 128], 2_195_842],
    [[64, 64, 64], 6_491_074],
  ])('comes within 5 % of the parameters of a known network of patch %j', (patch, parameters) => {
    const network = { channels: [32, 64, 128, 256], blocks: 1 };
    const weights = countWeights({ patch, inputs: 1, classes: 2, network });
    expect(Math.abs(weights / parameters - 1)).toBeLessThan(0.05);
  });
});

describe('estimateMemory', () => {
  // Measured on the same network with ONNX Runtime: about 0.7 GB at the peak of a 2-D training step of 4 x 128 x 128.
  it('is near a measured training step', () => {
    const network = { channels: [32, 64, 128, 256], blocks: 1 };
    const estimate = estimateMemory({ patch: [128, 128], batchSize: 4, inputs: 1, classes: 2, network });
    expect(estimate).toBeGreaterThan(600);
    expect(estimate).toBeLessThan(1000);
  });
});
