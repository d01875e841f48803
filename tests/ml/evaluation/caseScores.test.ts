import { beforeAll, describe, expect, it } from 'vitest';
import { type Scores, meanScores, metrics, scoreCase } from '../../../ml/evaluation/caseScores.ts';
import { gridOf, type OraclePair, oraclePairs } from './maskPairs.ts';

// Independent computations: overlaps by numpy sets, distances by scipy on the definition of MONAI 1.6.1 (the long test asks MONAI
// itself), surface Dice by google-deepmind's own package.
const oracle = `
import surface_distance
def surface(mask):
    return mask & ~ndimage.binary_erosion(mask)
def nearest(a, b, spacing):
    return ndimage.distance_transform_edt(~surface(b), sampling=spacing)[surface(a)]
def expected(p, spacing, y):
    forth, back = nearest(p, y, spacing), nearest(y, p, spacing)
    parts = surface_distance.compute_surface_distances(y, p, spacing)
    tolerance_dice = lambda mm: float(surface_distance.compute_surface_dice_at_tolerance(parts, mm))
    return {
        'dice': 2 * int((p & y).sum()) / int(p.sum() + y.sum()),
        'iou': float((p & y).sum() / (p | y).sum()),
        'precision': float((p & y).sum() / p.sum()),
        'recall': float((p & y).sum() / y.sum()),
        'accuracy': float((p == y).mean()),
        'hausdorff95': float(max(np.quantile(forth, 0.95), np.quantile(back, 0.95))),
        'averageSurfaceDistance': float(np.concatenate([forth, back]).mean()),
        'surfaceDice': [tolerance_dice(0), tolerance_dice(1), tolerance_dice(2.5)],
    }
`;

type Expected = Omit<Record<keyof Scores, number>, 'surfaceDice'> & { readonly surfaceDice: readonly number[] };

const grid = gridOf([4, 3, 2], [1, 2, 3]);
const structures = [{ value: 1, name: 'one' }];
const empty = new Uint8Array(24);
const cube = empty.map((_, v) => (v % 4 < 2 ? 1 : 0));

describe('scoreCase', () => {
  let pairs: OraclePair<Readonly<Record<string, Expected>>>[] = [];
  beforeAll(async () => {
    pairs = await oraclePairs<Expected>(oracle);
  });

  it('agrees with numpy, scipy and surface-distance on random blobs and perturbed real labels', () => {
    expect(pairs.length).toBeGreaterThanOrEqual(7);
    for (const { name, grid, prediction, reference, expected } of pairs) {
      for (const [value, { surfaceDice, ...oracleScores }] of Object.entries(expected)) {
        for (const [index, tolerance] of [0, 1, 2.5].entries()) {
          const [scores] = scoreCase(prediction, reference, grid, [{ value: Number(value), name }], tolerance);
          expect(scores!.surfaceDice, `${name}: surface Dice at ${tolerance}`).toBeCloseTo(surfaceDice[index]!, 9);
          for (const [metric, score] of Object.entries(oracleScores)) {
            expect(scores, `${name}: ${metric}`).toHaveProperty(metric, expect.closeTo(score, 9));
          }
        }
      }
    }
  });

  it('scores a structure that neither mask holds as perfect, with distances of 0', () => {
    expect(scoreCase(empty, empty, grid, structures, 1)[0]).toMatchObject({
      dice: 1,
      iou: 1,
      precision: 1,
      recall: 1,
      accuracy: 1,
      hausdorff95: 0,
      averageSurfaceDistance: 0,
      surfaceDice: 1,
    });
  });

  it.each([
    ['the prediction', empty, cube],
    ['the reference', cube, empty],
  ])('scores 0 and leaves the distances out where only %s is empty', (_, prediction, reference) => {
    expect(scoreCase(prediction, reference, grid, structures, 1)[0]).toMatchObject({
      dice: 0,
      iou: 0,
      precision: 0,
      recall: 0,
      accuracy: 0.5,
      hausdorff95: undefined,
      averageSurfaceDistance: undefined,
      surfaceDice: 0,
    });
  });

  it('scores identical masks as perfect', () => {
    const [scores] = scoreCase(cube, cube, grid, structures, 0);
    expect(metrics.map((metric) => scores![metric])).toEqual([1, 1, 1, 1, 1, 0, 0, 1]);
  });

  it('is symmetric but for precision and recall, which change places', () => {
    const shifted = cube.map((_, v) => cube[v + 1] ?? 0);
    const [forth] = scoreCase(cube, shifted, grid, structures, 1);
    const [back] = scoreCase(shifted, cube, grid, structures, 1);
    expect({ ...back, precision: back!.recall, recall: back!.precision }).toEqual({
      ...forth,
      predictedVoxels: back!.predictedVoxels,
      referenceVoxels: back!.referenceVoxels,
    });
  });

  it('measures distances in the unit of the spacing', () => {
    const point = (i: number, j: number, k: number) => empty.map((_, v) => (v === i + 4 * (j + 3 * k) ? 1 : 0));
    const [scores] = scoreCase(point(0, 0, 0), point(3, 2, 1), grid, structures, 1);
    expect(scores!.hausdorff95).toBeCloseTo(Math.hypot(3, 4, 3), 12);
  });
});

describe('meanScores', () => {
  it('takes each metric over the structures that have it', () => {
    const [whole] = scoreCase(cube, cube, grid, structures, 1);
    const [absent] = scoreCase(empty, cube, grid, structures, 1);
    expect(meanScores([whole!, absent!])).toMatchObject({ dice: 0.5, hausdorff95: 0 });
    expect(meanScores([absent!]).hausdorff95).toBeUndefined();
  });
});
