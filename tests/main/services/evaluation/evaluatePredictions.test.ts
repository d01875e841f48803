import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { evaluatePredictions } from '../../../../main/services/evaluation/evaluatePredictions.ts';
import { readImage } from '../../../../main/imaging/image.ts';
import { writeNifti } from '../../../../main/imaging/nifti/write.ts';
import { metrics } from '../../../../ml/evaluation/caseScores.ts';
import type { Evaluation } from '../../../../main/report/evaluation.ts';
import type { Problem } from '../../../../ml/check/problem.ts';
import type { VoxelArray } from '../../../../ml/volume/volume.ts';
import { runPython } from '../../../support/python.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import { grid, hippocampus, twoLabels, writeImage, writeText } from '../../datasets/folders.ts';
import { labelOf } from './tinyModel.ts';

const evaluate = (
  predictions: string,
  labels: string,
  options: { groupBy?: string; splitFile?: string; tolerance?: number } = {},
): Promise<Evaluation> =>
  evaluatePredictions({
    predictions,
    labels,
    tolerance: 1,
    groupBy: undefined,
    splitFile: undefined,
    seed: 0,
    signal: new AbortController().signal,
    report: () => undefined,
    ...options,
  });

/** Folders `predictions` and `labels` of one small case, or more. */
async function writeCases(names: readonly string[] = ['a']): Promise<{ predictions: string; labels: string }> {
  const folder = temporaryFolder();
  const [predictions, labels] = [join(folder, 'predictions'), join(folder, 'labels')];
  for (const name of names) {
    await writeImage(join(predictions, `${name}.nii.gz`), twoLabels());
    await writeImage(join(labels, `${name}.nii.gz`), twoLabels());
  }
  return { predictions, labels };
}

const problem = (kind: Problem['kind'], what: RegExp, where: RegExp | string) =>
  expect.objectContaining({
    kind,
    what: expect.stringMatching(what) as unknown,
    where: expect.stringMatching(where) as unknown,
  }) as unknown;

describe('evaluatePredictions', () => {
  it('finds no fault with the labels themselves', async () => {
    const folder = join(hippocampus, 'labelsTr');
    const { summary, cases, distanceUnit, warnings } = await evaluate(folder, folder);
    expect(cases).toHaveLength(12);
    expect({ distanceUnit, warnings }).toEqual({ distanceUnit: 'mm', warnings: [] });
    expect(summary.map(({ structure }) => structure)).toEqual(['Anterior', 'Posterior', 'mean']);
    for (const { metrics: of } of summary)
      for (const metric of metrics) {
        const best = ['hausdorff95', 'averageSurfaceDistance'].includes(metric) ? 0 : 1;
        expect(of[metric]).toMatchObject({ count: 12, missing: 0, mean: best, standardDeviation: 0, median: best });
      }
  });

  it('gives what NumPy, SciPy and surface-distance give, on anisotropic voxels', async () => {
    const folder = temporaryFolder();
    for (const [index, name] of ['hippocampus_025', 'hippocampus_011'].entries()) {
      const { volume } = await readImage(labelOf(name));
      const stretched = { ...volume.grid, spacing: [0.8, 1.1, 2.5] as const };
      const write = (part: string, data: VoxelArray): Promise<void> =>
        writeNifti(join(folder, part, `${name}.nii.gz`), { grid: stretched, channels: 1, data });
      mkdirSync(join(folder, 'labels'), { recursive: true });
      mkdirSync(join(folder, 'predictions'), { recursive: true });
      await write('labels', volume.data);
      await write('predictions', shifted(volume.data, volume.grid.shape[0], 2 + index));
    }
    const [predictions, labels] = [join(folder, 'predictions'), join(folder, 'labels')];
    const evaluation = await evaluate(predictions, labels, { tolerance: 1.5 });
    const expected = await runPython<Expected[]>(oracle, [predictions, labels, '1.5']);
    for (const { name, value, ...scores } of expected) {
      const found = evaluation.cases
        .find((one) => one.case === name)
        ?.structures.find(({ structure }) => structure.value === value);
      for (const [metric, score] of Object.entries(scores))
        expect(found, `${name} ${value}`).toHaveProperty(metric, expect.closeTo(score, 3));
    }
    expect(expected).toHaveLength(4);
    const dice = expected.filter(({ value }) => value === 2).map((one) => one.dice);
    expect(evaluation.summary[1]?.metrics.dice?.mean).toBeCloseTo((dice[0]! + dice[1]!) / 2, 6);
    expect(evaluation.summary[1]?.structure).toBe('label_2');
  });

  it('lists the worst case first', async () => {
    const { predictions, labels } = await writeCases(['a', 'b', 'c']);
    await writeImage(join(predictions, 'b.nii.gz'), new Uint8Array(24));
    const { cases } = await evaluate(predictions, labels);
    expect(cases.map((one) => one.case)).toEqual(['b', 'a', 'c']);
  });

  it('takes two files, and what segment leaves', async () => {
    const { predictions, labels } = await writeCases(['scan 1']);
    const [prediction, label] = [join(predictions, 'scan 1.nii.gz'), join(labels, 'scan 1.nii.gz')];
    const one = await evaluate(prediction, label);
    const left = join(predictions, '..', 'segmented');
    mkdirSync(join(left, 'scan_1'), { recursive: true });
    cpSync(prediction, join(left, 'scan_1', 'mask.nii.gz'));
    const other = await evaluate(left, labels);
    expect(one.cases).toMatchObject([{ case: 'scan_1', structures: [{ dice: 1 }, { dice: 1 }] }]);
    expect(other.cases).toEqual(one.cases);
  });

  it('draws persons, not images, for its intervals, as the split file says or a pattern', async () => {
    const { predictions, labels } = await writeCases(['x1', 'x2', 'y1']);
    await writeImage(join(predictions, 'y1.nii.gz'), new Uint8Array(24));
    const persons = async (options: { groupBy?: string; splitFile?: string }) => {
      const { cases, summary } = await evaluate(predictions, labels, options);
      const groups = cases.toSorted((a, b) => (a.case < b.case ? -1 : 1)).map(({ group }) => group);
      return { groups, interval: summary.at(-1)?.metrics.dice?.interval };
    };
    expect((await persons({})).groups).toEqual(['x1', 'x2', 'y1']);
    const { groups, interval } = await persons({ groupBy: '^(.)' });
    expect(groups).toEqual(['x', 'x', 'y']);
    expect(interval).toEqual({ low: 0, high: 1 });
    const splitFile = join(predictions, '..', 'split.json');
    writeText(splitFile, {
      splits: { set: { test: { p: ['x1.nii.gz', 'x2.nii.gz', 'y1.nii.gz', 'absent.nii.gz'] } } },
    });
    writeText(join(predictions, '..', 'dataset.json'), { name: 'set' });
    expect(await persons({ splitFile })).toEqual({ groups: ['p', 'p', 'p'], interval: undefined });
  });

  it('counts a structure that one of the two does not hold as missing a distance', async () => {
    const { predictions, labels } = await writeCases(['a', 'b']);
    await writeImage(
      join(predictions, 'b.nii.gz'),
      twoLabels().map((value) => (value === 2 ? 0 : value)),
    );
    const { summary } = await evaluate(predictions, labels);
    expect(summary[1]).toMatchObject({
      structure: 'label_2',
      metrics: { dice: { mean: 0.5 }, hausdorff95: { count: 1, missing: 1 } },
    });
  });

  it('says that predictions without a label are left out', async () => {
    const { predictions, labels } = await writeCases(['a', 'b', 'c']);
    rmSync(join(labels, 'b.nii.gz'));
    const { cases, warnings } = await evaluate(predictions, labels);
    expect(cases).toHaveLength(2);
    expect(warnings).toEqual(['1 of 3 predictions have no label and are left out, b first.']);
  });

  it('refuses labels without a prediction, naming the first', async () => {
    const { predictions, labels } = await writeCases(['a', 'b', 'c']);
    rmSync(join(predictions, 'b.nii.gz'));
    rmSync(join(predictions, 'c.nii.gz'));
    await expect(evaluate(predictions, labels)).rejects.toEqual(
      problem('data', /^there is no prediction for b and for 1 more of 3 labels$/, predictions),
    );
  });

  it.each([
    ['shape', { shape: [4, 2, 3] as const }, /differ in shape 4 x 2 x 3 and 4 x 3 x 2$/],
    ['spacing', { spacing: [1, 1, 2.5] as const }, /differ in spacing 1 x 1 x 2.5 and 1 x 1 x 2 mm$/],
    ['origin', { origin: [11, -5, 3] as const }, /differ in origin \(11, -5, 3\) and \(10, -5, 3\) mm$/],
  ])('refuses another %s, naming both files', async (_name, change, what) => {
    const { predictions, labels } = await writeCases();
    await writeImage(join(predictions, 'a.nii.gz'), twoLabels(), { ...grid, ...change });
    await expect(evaluate(predictions, labels)).rejects.toEqual(
      problem('data', what, /predictions.a\.nii\.gz and .+labels.a\.nii\.gz$/),
    );
  });

  it('refuses values that the dataset.json beside the labels does not name', async () => {
    const { predictions, labels } = await writeCases();
    writeText(join(labels, '..', 'dataset.json'), { labels: { 1: 'left', 2: 'right' } });
    expect((await evaluate(predictions, labels)).summary[0]?.structure).toBe('left');
    await writeImage(
      join(predictions, 'a.nii.gz'),
      twoLabels().map((value) => 2 * value),
    );
    await expect(evaluate(predictions, labels)).rejects.toEqual(
      problem('data', /^label value 4 is not known \(0, 1, 2 are\)$/, /predictions.a\.nii\.gz$/),
    );
  });

  it.each([
    ['probabilities', Float32Array.from({ length: 24 }, (_, v) => v / 24), /whole numbers/],
    ['several channels', new Uint8Array(48), /one value a voxel, and here are 2/],
    ['an image', Int32Array.from({ length: 24 }, (_, v) => 5000 * v), /more than 255 labels, or values above 65535/],
    ['nothing at all', new Uint8Array(24), /show anything/],
  ])('refuses %s for labels', async (_name, data, what) => {
    const { predictions, labels } = await writeCases();
    for (const folder of [predictions, labels]) await writeImage(join(folder, 'a.nii.gz'), data);
    await expect(evaluate(predictions, labels)).rejects.toEqual(problem('data', what, ''));
  });

  it('refuses a file with a folder, a folder without labels, and a path that leads nowhere', async () => {
    const { predictions, labels } = await writeCases();
    await expect(evaluate(join(predictions, 'a.nii.gz'), labels)).rejects.toEqual(
      problem('usage', /file .+ folder/, ''),
    );
    await expect(evaluate(predictions, hippocampus)).rejects.toEqual(problem('data', /no label volume/, hippocampus));
    await expect(evaluate(predictions, join(labels, 'no'))).rejects.toEqual(
      problem('data', /no such file/, join(labels, 'no')),
    );
    writeFileSync(join(predictions, 'a.nii'), '');
    await expect(evaluate(predictions, labels)).rejects.toEqual(problem('data', /two images are named a/, predictions));
  });
});

/** By voxels towards rising i, with holes: precision and recall are not the same. */
const shifted = (data: VoxelArray, width: number, by: number): Uint8Array =>
  Uint8Array.from(data, (_, v) => (v % width < by || v % 7 === 0 ? 0 : data[v - by]!));

interface Expected {
  readonly name: string;
  readonly value: number;
  readonly dice: number;
}

/** Surfaces are what a 6-neighbour erosion takes away; HD95 is the larger of the two directed percentiles. */
const oracle = `
import json, sys
from pathlib import Path
import nibabel
import numpy as np
from scipy import ndimage
import surface_distance
predictions, labels, tolerance = Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])

def surface(mask):
    return mask & ~ndimage.binary_erosion(mask)

def directed(a, b, spacing):
    return ndimage.distance_transform_edt(~surface(b), sampling=spacing)[surface(a)]

result = []
for path in sorted(labels.glob('*.nii.gz')):
    file = nibabel.load(path)
    spacing = [float(side) for side in file.header.get_zooms()]
    reference = np.asarray(file.dataobj)
    prediction = np.asarray(nibabel.load(predictions / path.name).dataobj)
    for value in (1, 2):
        p, y = prediction == value, reference == value
        there, back = directed(p, y, spacing), directed(y, p, spacing)
        pieces = surface_distance.compute_surface_distances(y, p, spacing)
        result.append({
            'name': path.name.split('.')[0], 'value': value,
            'dice': 2 * float((p & y).sum()) / float(p.sum() + y.sum()),
            'iou': float((p & y).sum()) / float((p | y).sum()),
            'precision': float((p & y).sum()) / float(p.sum()), 'recall': float((p & y).sum()) / float(y.sum()),
            'accuracy': float((p == y).mean()),
            'hausdorff95': max(float(np.percentile(d, 95)) for d in (there, back)),
            'averageSurfaceDistance': float(np.concatenate([there, back]).mean()),
            'surfaceDice': float(surface_distance.compute_surface_dice_at_tolerance(pieces, tolerance)),
        })
print(json.dumps(result, allow_nan=False))
`;
