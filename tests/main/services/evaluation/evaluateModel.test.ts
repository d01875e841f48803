import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { isLabelled } from '../../../../main/datasets/dataset.ts';
import { openDataset } from '../../../../main/datasets/openDataset.ts';
import { evaluateModel, type ModelJob } from '../../../../main/services/evaluation/evaluateModel.ts';
import { evaluatePredictions } from '../../../../main/services/evaluation/evaluatePredictions.ts';
import { segmentImages } from '../../../../main/services/segmentation/segmentImages.ts';
import { resolveMembers } from '../../../../main/services/segmentation/members.ts';
import type { Method } from '../../../../main/services/segmentation/settings.ts';
import { casesOf } from '../../../../main/training/planDataset.ts';
import { openOnnxRuntime } from '../../../../ml/engines/onnxruntime/engine.ts';
import type { Dataset } from '../../../../main/datasets/dataset.ts';
import type { Progress } from '../../../../main/jobs/progress.ts';
import type { Model } from '../../../../main/services/models/folder.ts';
import type { Engine } from '../../../../ml/engines/engine.ts';
import { Problem } from '../../../../ml/check/problem.ts';
import { runPython } from '../../../support/python.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import { hippocampus, ramp, twoLabels, writeImage } from '../../datasets/folders.ts';
import { imageOf, labelOf, writeTinyModel, type TinyModel } from './tinyModel.ts';

let engine: Engine;
let dataset: Dataset;

beforeAll(async () => {
  engine = await openOnnxRuntime({ device: 'cpu', threads: 2 });
  dataset = await openDataset(hippocampus);
});

const tiny = (change?: TinyModel): Promise<Model> => writeTinyModel(join(temporaryFolder(), 'model'), change);

const entryOf = (model: Model, method: Method = 'direct') => resolveMembers([model], { method });

const evaluate = (model: Model, change: Partial<ModelJob> = {}) =>
  evaluateModel({
    dataset,
    part: 'test split',
    cases: casesOf(dataset, dataset.split!.test),
    entry: entryOf(model),
    rival: undefined,
    engine,
    allowSeen: false,
    tolerance: 1,
    memoryMiB: undefined,
    seed: 0,
    signal: new AbortController().signal,
    report: () => undefined,
    ...change,
  });

const problem = (kind: Problem['kind'], what: RegExp) =>
  expect.objectContaining({ kind, what: expect.stringMatching(what) as unknown }) as unknown;

describe('evaluateModel', () => {
  it('scores the very masks that segment writes, and their calibration as NumPy and SciPy have it', async () => {
    // The network's classes are in another order than the values: nothing may take one for the other.
    const labels = [0, 2, 1].map((value) => ({ value, name: `label_${value}` }));
    const model = await tiny({ labels });
    const evaluation = await evaluate(model);
    const [out, references] = [join(temporaryFolder(), 'out'), join(temporaryFolder(), 'labels')];
    mkdirSync(references);
    const cases = dataset.split!.test.map((name) => ({ name, channels: [{ name: 'MRI', path: imageOf(name) }] }));
    for (const { name } of cases) copyFileSync(labelOf(name), join(references, `${name}.nii.gz`));
    const rest = { memoryMiB: undefined, signal: new AbortController().signal, report: () => undefined };
    const work = segmentImages({
      cases,
      out,
      members: entryOf(model),
      engine,
      save: ['mask', 'probability'],
      existing: 'refuse',
      ...rest,
    });
    for await (const { report } of work) expect(report.method).toBe('direct');
    const scored = await evaluatePredictions({
      predictions: out,
      labels: references,
      tolerance: 1,
      groupBy: undefined,
      splitFile: undefined,
      seed: 0,
      ...rest,
    });

    expect(evaluation.cases.map((one) => one.case).toSorted()).toEqual(['hippocampus_025', 'hippocampus_026']);
    for (const one of evaluation.cases) {
      const other = scored.cases.find(({ case: name }) => name === one.case)!;
      // The folder of predictions knows no names.
      const named = other.structures.map((scores, n) => ({ ...scores, structure: one.structures[n]!.structure }));
      expect(one.structures).toEqual(named);
      expect(one).toMatchObject({ group: 'person-013', seen: false });
      expect(one.seconds).toBeGreaterThan(0);
    }
    // A mask of noise, but not of nothing: else all of this would say little.
    expect(evaluation.cases[0]?.structures[0]?.predictedVoxels).toBeGreaterThan(100);

    const expected = await runPython<{ error: number; bins: number[][] }>(calibrationOracle, [out, references]);
    expect(evaluation.calibration?.error).toBeCloseTo(expected.error, 5);
    expect(evaluation.calibration?.bins.map(({ count, correct }) => [count, correct])).toEqual(expected.bins);
  });

  it('says with which model, how and where it was run', async () => {
    const model = await tiny();
    const entry = resolveMembers([model], { method: 'diffusion', samples: 2, steps: 3, seed: 4 });
    const { title, model: name, madeBy, summary, seconds, warnings } = await evaluate(model, { entry });
    expect(title).toBe('Hippocampus, 12 of 260, test split');
    expect(name).toBe('hippocampus-example 1.0.0, diffusion, 2 samples of 3 steps (DDIM)');
    const run = { method: 'diffusion', samples: 2, steps: 3, sampler: 'ddim', seed: 4, device: 'cpu', threads: 2 };
    expect(madeBy).toMatchObject({ name: 'hippocampus-example', version: '1.0.0', sha256: model.sha256, ...run });
    expect(summary.map(({ structure }) => structure)).toEqual(['Anterior', 'Posterior', 'mean']);
    // Both test cases are of one person.
    expect(summary[0]?.metrics.dice).toMatchObject({ count: 2, interval: undefined });
    expect(seconds).toMatchObject({ count: 2, missing: 0 });
    expect(warnings).toEqual([]);
  });

  it('compares two ways on the same cases: the difference is the first less the second', async () => {
    const model = await tiny();
    const { cases, comparison } = await evaluate(model, { rival: entryOf(model, 'ensemble') });
    expect(comparison?.model).toContain('ensemble');
    const alone = await evaluate(model, { entry: entryOf(model, 'ensemble') });
    expect(comparison?.summary).toEqual(alone.summary);
    const dice = (list: typeof cases) =>
      list.map(({ structures }) => structures[0]!.dice).reduce((a, b) => a + b) / list.length;
    const difference = dice(cases) - dice(alone.cases);
    expect(difference).not.toBe(0);
    expect(comparison?.structures[0]?.metrics.dice?.meanDifference).toBeCloseTo(difference, 12);
  });

  it('finds no difference between a model and itself', async () => {
    const model = await tiny();
    const { comparison } = await evaluate(model, { rival: entryOf(model) });
    for (const { metrics } of comparison!.structures)
      expect(metrics.dice).toMatchObject({ count: 2, meanDifference: 0, test: { pairs: 0, p: 1 } });
  });

  it('reports every network pass of both models, with the time left', async () => {
    const model = await tiny();
    const passesOf = async (method: Method): Promise<readonly Progress[]> => {
      const told: Progress[] = [];
      await evaluate(model, { entry: entryOf(model, method), report: (progress) => told.push(progress) });
      return told;
    };
    const [direct, diffusion] = [await passesOf('direct'), await passesOf('diffusion')];
    const both: Progress[] = [];
    await evaluate(model, { rival: entryOf(model, 'diffusion'), report: (progress) => both.push(progress) });
    // One sample of two steps: two passes a window for one.
    expect(diffusion).toHaveLength(2 * direct.length);
    expect(both).toHaveLength(direct.length + diffusion.length);
    expect(both.map(({ done }) => done)).toEqual(both.map((_, n) => n + 1));
    for (const { total, secondsLeft } of both) {
      expect(total).toBe(both.length);
      expect(secondsLeft).not.toBeNull();
    }
  });

  it('stops between two network passes when told to', async () => {
    const controller = new AbortController();
    const model = await tiny();
    let told = 0;
    const report = (): void => {
      if (++told === 1) controller.abort(new Problem('cancelled', 'stopped', 'here', 'Again.'));
    };
    const job = { entry: entryOf(model, 'diffusion'), signal: controller.signal, report };
    await expect(evaluate(model, job)).rejects.toEqual(problem('cancelled', /stopped/));
    expect(told).toBe(1);
  });
});

describe('evaluateModel refuses', () => {
  it('cases that either model was trained on, or marks them where that is allowed', async () => {
    const [model, other] = [await tiny(), await tiny({ seen: ['hippocampus_007'] })];
    const cases = casesOf(dataset, ['hippocampus_025', 'hippocampus_008']);
    await expect(evaluate(other, { cases })).rejects.toEqual(problem('data', /^1 of 2 cases/));
    await expect(evaluate(model, { cases, rival: entryOf(other) })).rejects.toEqual(problem('data', /^1 of 2 cases/));
    const { warnings, cases: scored } = await evaluate(model, { cases, rival: entryOf(other), allowSeen: true });
    expect(warnings).toEqual([expect.stringMatching(/^1 of 2 cases .+ not how good it is\.$/)]);
    const seen = scored.map((one) => [one.case, one.seen]);
    expect(new Map(seen as [string, boolean][])).toEqual(
      new Map([
        ['hippocampus_025', false],
        ['hippocampus_008', true],
      ]),
    );
  });

  it('to score what the data set does not label, and to say how calibrated that is', async () => {
    const labels = [
      { value: 0, name: 'background' },
      { value: 7, name: 'tail' },
      { value: 2, name: 'POSTERIOR' },
      { value: 1, name: 'label_1' },
    ];
    const { summary, calibration, warnings, cases } = await evaluate(await tiny({ labels }));
    expect(summary.map(({ structure }) => structure)).toEqual(['Anterior', 'Posterior', 'mean']);
    expect(cases[0]?.structures.map(({ structure }) => structure.value)).toEqual([1, 2]);
    expect(calibration).toBeUndefined();
    expect(warnings).toEqual(['The data set does not label tail: not scored.']);
  });

  it('another number of sequences than the model takes', async () => {
    const folder = temporaryFolder();
    for (const channel of ['0000', '0001']) await writeImage(join(folder, 'images', `a_${channel}.nii.gz`), ramp());
    await writeImage(join(folder, 'labels', 'a.nii.gz'), twoLabels());
    const two = await openDataset(folder);
    await expect(evaluate(await tiny(), { dataset: two, cases: two.cases.filter(isLabelled) })).rejects.toEqual(
      problem('model', /takes 1 sequence \(T1\), and the image has 2/),
    );
  });

  it('a broken case before it segments the first', async () => {
    const folder = temporaryFolder();
    for (const name of ['a', 'b']) {
      await writeImage(join(folder, 'images', `${name}.nii.gz`), ramp());
      await writeImage(join(folder, 'labels', `${name}.nii.gz`), twoLabels());
    }
    const small = await openDataset(folder);
    await writeImage(
      join(folder, 'labels', 'b.nii.gz'),
      twoLabels().map((value) => value + 1),
    );
    let told = 0;
    const job = {
      dataset: small,
      cases: small.cases.filter(isLabelled),
      report: () => {
        told++;
      },
    };
    await expect(evaluate(await tiny(), job)).rejects.toEqual(problem('data', /label value 3 is not known/));
    expect(told).toBe(0);
    expect(readdirSync(folder).toSorted()).toEqual(['images', 'labels']);
  });

  it('a split without cases, and what does not fit in memory', async () => {
    const model = await tiny();
    await expect(evaluate(model, { cases: [] })).rejects.toEqual(problem('data', /no labelled case in test split/));
    await expect(evaluate(model, { memoryMiB: 10 })).rejects.toEqual(problem('memory', /MiB/));
  });
});

const calibrationOracle = `
import json, sys
from pathlib import Path
import nibabel
import numpy as np
from scipy import ndimage
out, labels = Path(sys.argv[1]), Path(sys.argv[2])
counts, sums, correct = np.zeros(15), np.zeros(15), np.zeros(15)
for path in sorted(labels.glob('*.nii.gz')):
    file = nibabel.load(path)
    reference = np.asarray(file.dataobj)
    probability = np.asarray(nibabel.load(out / path.name.split('.')[0] / 'probability.nii.gz').dataobj)
    inside = ndimage.distance_transform_edt(reference == 0, sampling=file.header.get_zooms()) <= 5
    confidence, best = probability.max(-1)[inside].astype(float), np.array([0, 2, 1])[probability.argmax(-1)][inside]
    bins = np.digitize(confidence, np.arange(1, 15) / 15, right=True)
    for array, weights in ((counts, None), (sums, confidence), (correct, best == reference[inside])):
        array += np.bincount(bins, weights=weights, minlength=15)
error = np.abs(correct - sums).sum() / counts.sum()
print(json.dumps({'error': float(error), 'bins': np.stack([counts, correct], 1).astype(int).tolist()}, allow_nan=False))
`;
