import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isLabelled } from '../../../main/datasets/dataset.ts';
import { loadCase } from '../../../main/datasets/loadCase.ts';
import { openDataset } from '../../../main/datasets/openDataset.ts';
import { summariseCases } from '../../../main/datasets/summariseCases.ts';
import { Problem } from '../../../ml/check/problem.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { grid, hippocampus, ramp, twoLabels, writeImage } from './folders.ts';

const labels = [0, 5, 7].map((value) => ({ value, name: `label_${value}` }));
const forever = new AbortController().signal;

async function load(
  image = ramp(),
  label: Float32Array | Uint8Array = twoLabels(),
  labelGrid = grid,
  channels = ['T1'],
) {
  const folder = temporaryFolder();
  const entry = { id: 'a', group: 'a', images: [join(folder, 'a.nii')], label: join(folder, 'label.nii') };
  await writeImage(entry.images[0]!, image);
  await writeImage(entry.label, label, labelGrid);
  return loadCase(
    {
      channels,
      labels: [
        { value: 0, name: 'background' },
        { value: 1, name: 'a' },
        { value: 2, name: 'b' },
      ],
    },
    entry,
  );
}

describe('loadCase', () => {
  it('numbers the classes by their place in the list of labels', async () => {
    const folder = temporaryFolder();
    const entry = { id: 'a', group: 'a', images: [join(folder, 'a.nii')], label: join(folder, 'label.nii') };
    await writeImage(entry.images[0]!, ramp());
    await writeImage(
      entry.label,
      Float32Array.from(twoLabels(), (value) => [0, 5, 7][value]!),
    );
    const { label } = await loadCase({ channels: ['T1'], labels }, entry);
    expect(label.data).toEqual(twoLabels());
  });

  it('joins channels of several files and of one 4-D file alike', async () => {
    const folder = temporaryFolder();
    const second = ramp().map((value) => -value);
    await writeImage(join(folder, '0.nii'), ramp());
    await writeImage(join(folder, '1.nii'), second);
    await writeImage(join(folder, 'both.nii'), Float32Array.of(...ramp(), ...second));
    await writeImage(join(folder, 'label.nii'), twoLabels());
    const entry = {
      id: 'a',
      group: 'a',
      images: [join(folder, '0.nii'), join(folder, '1.nii')],
      label: join(folder, 'label.nii'),
    };
    const dataset = { channels: ['T1', 'T2'], labels: [0, 1, 2].map((value) => ({ value, name: String(value) })) };
    const several = await loadCase(dataset, entry);
    expect(several.image.channels).toBe(2);
    expect((await loadCase(dataset, { ...entry, images: [join(folder, 'both.nii')] })).image.data).toEqual(
      several.image.data,
    );
  });

  it.each([
    [
      'a missing channel',
      () => load(ramp(), twoLabels(), grid, ['T1', 'T2']),
      /a has 1 channels where the data set has 2 \(T1, T2\)/,
    ],
    ['not a number', () => load(ramp().fill(NaN, 5, 6)), /a voxel is NaN .*a\.nii/],
    ['infinity', () => load(ramp().fill(-Infinity, 5, 6)), /a voxel is -Infinity/],
    ['a constant image', () => load(ramp().fill(3)), /every voxel is 3 .*a\.nii/],
    ['a label between values', () => load(ramp(), ramp().fill(1.5)), /whole numbers.*1\.5 .*label\.nii/],
    [
      'an unknown label value',
      () => load(ramp(), twoLabels().fill(9, 3, 4)),
      /label value 9 is not known \(0, 1, 2 are\) .*label\.nii/,
    ],
    ['a label of two frames', () => load(ramp(), Uint8Array.of(...twoLabels(), ...twoLabels())), /here are 2/],
    [
      'another shape',
      () => load(ramp(), twoLabels(), { ...grid, shape: [3, 4, 2] }),
      /differ in shape 4 x 3 x 2 and 3 x 4 x 2/,
    ],
    [
      'another spacing',
      () => load(ramp(), twoLabels(), { ...grid, spacing: [1, 1, 3] }),
      /differ in spacing 1 x 1 x 2 and 1 x 1 x 3 mm/,
    ],
    ['another place', () => load(ramp(), twoLabels(), { ...grid, origin: [10, -5, 13] }), /differ in origin/],
    [
      'a flip',
      () => load(ramp(), twoLabels(), { ...grid, direction: [-1, 0, 0, 0, 1, 0, 0, 0, 1] }),
      /differ in direction/,
    ],
  ])('refuses %s and says where', async (_, attempt, text) => {
    await expect(attempt()).rejects.toThrow(text);
    await expect(attempt()).rejects.toBeInstanceOf(Problem);
  });
});

describe('summariseCases', () => {
  it('looks at every case of a real data set', async () => {
    const dataset = await openDataset(hippocampus);
    const reports: number[] = [];
    const made = await summariseCases(dataset, dataset.cases.filter(isLabelled), forever, ({ done }) =>
      reports.push(done),
    );
    expect(made).toMatchObject({ cases: 12, unit: 'mm' });
    expect(made.classes.map(({ name, cases }) => [name, cases])).toEqual([
      ['background', 12],
      ['Anterior', 12],
      ['Posterior', 12],
    ]);
    expect(reports).toEqual(Array.from({ length: 12 }, (_, n) => n + 1));
  });

  it('refuses a data set in which nothing is drawn', async () => {
    const folder = temporaryFolder();
    await writeImage(join(folder, 'a.nii'), ramp());
    await writeImage(join(folder, 'label.nii'), new Uint8Array(24));
    const entry = { id: 'a', group: 'a', images: [join(folder, 'a.nii')], label: join(folder, 'label.nii') };
    const dataset = { name: 'Toy', licence: undefined, channels: ['T1'], labels, cases: [entry], split: undefined };
    await expect(summariseCases(dataset, [entry], forever, () => undefined)).rejects.toThrow(
      /label of every training case is empty/,
    );
  });

  it('stops when it is cancelled', async () => {
    const dataset = await openDataset(hippocampus);
    const reason = new Problem('cancelled', 'stopped', 'here', 'Go on.');
    await expect(
      summariseCases(dataset, dataset.cases.filter(isLabelled), AbortSignal.abort(reason), () => undefined),
    ).rejects.toBe(reason);
  });
});
