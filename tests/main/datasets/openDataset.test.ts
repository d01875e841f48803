import { existsSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isLabelled, overlap, regionsOf, valuesInFiles } from '../../../main/datasets/dataset.ts';
import { loadCase } from '../../../main/datasets/loadCase.ts';
import { openCases, openDataset } from '../../../main/datasets/openDataset.ts';
import { Problem } from '../../../ml/check/problem.ts';
import { sharedData } from '../../support/data.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { hippocampus, ramp, twoLabels, writeImage, writePairs, writePicture, writeText } from './folders.ts';

/** Both the type of the error and what a person reads. */
async function expectProblem(attempt: Promise<unknown>, kind: Problem['kind'], text: RegExp): Promise<void> {
  const error = await attempt.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Problem);
  expect(error).toMatchObject({ kind });
  expect((error as Problem).message).toMatch(text);
}

const labels = { '0': 'background', '1': 'head', '2': 'tail' };
const description = { name: 'Toy', licence: 'CC0', modality: { '0': 'MRI' }, labels };

describe('openDataset', () => {
  it('opens the Decathlon layout, with the names that its description gives', async () => {
    const dataset = await openDataset(hippocampus);
    expect(dataset).toMatchObject({
      licence: 'CC-BY-SA 4.0',
      channels: ['MRI'],
      labels: [
        { value: 0, name: 'background' },
        { value: 1, name: 'Anterior' },
        { value: 2, name: 'Posterior' },
      ],
    });
    expect(dataset.cases).toHaveLength(12);
    expect(dataset.cases.map(({ id }) => id)).toEqual(dataset.cases.map(({ id }) => id).toSorted());
    expect(dataset.cases[0]).toMatchObject({ id: 'hippocampus_006', group: 'person-003' });
  });

  it('reads pictures in colour where one of them has colours, the grey ones beside it too', async () => {
    const folder = temporaryFolder();
    writePicture(join(folder, 'images/grey.png'), [1]);
    writePicture(join(folder, 'labels/grey.png'), [1]);
    expect((await openDataset(folder)).channels).toEqual(['image']);
    writePicture(join(folder, 'images/stained.png'), [3, 2, 1]);
    writePicture(join(folder, 'labels/stained.png'), [1]);
    const dataset = await openDataset(folder);
    expect(dataset.channels).toEqual(['red', 'green', 'blue']);
    const [grey, stained] = dataset.cases.filter(isLabelled);
    expect((await loadCase(dataset, grey!)).image.data).toEqual(Uint8Array.of(0, 1, 0, 1, 0, 1));
    expect((await loadCase(dataset, stained!)).image.data).toEqual(Uint8Array.of(0, 3, 0, 2, 0, 1));
  });

  it('opens nnU-Net regions: structures of several values each, painted in the order that is given', async () => {
    const folder = temporaryFolder();
    await writeImage(join(folder, 'imagesTr/a_0000.nii.gz'), ramp());
    await writeImage(join(folder, 'labelsTr/a.nii.gz'), twoLabels());
    const regions = { background: 0, whole: [1, 2], core: [2] };
    const said = { channel_names: { '0': 'T1' }, labels: regions, regions_class_order: [1, 2] };
    writeText(join(folder, 'dataset.json'), said);
    const dataset = await openDataset(folder);
    expect(dataset.labels).toEqual([
      { value: 0, name: 'background' },
      { value: 1, name: 'whole', covers: [1, 2] },
      { value: 2, name: 'core', covers: [2] },
    ]);
    expect(overlap(dataset.labels)).toBe(true);
    expect(regionsOf(dataset.labels)).toEqual([[0], [1, 2], [2]]);
    const [first] = dataset.cases.filter(isLabelled);
    expect((await loadCase(dataset, first!)).label.data).toEqual(twoLabels());
    const three = { ...said, labels: { background: 0, rim: 3, whole: [2, 3, 5] }, regions_class_order: [9, 4] };
    writeText(join(folder, 'dataset.json'), three);
    const { labels: others } = await openCases(folder, undefined);
    expect(others.map(({ value }) => value)).toEqual([0, 9, 4]);
    expect(valuesInFiles(others)).toEqual([0, 2, 3, 5]);
    expect(regionsOf(others)).toEqual([[0], [2], [1, 2, 3]]);
    for (const order of [undefined, [1], [1, 1], [1, 2, 3]]) {
      writeText(join(folder, 'dataset.json'), { ...said, regions_class_order: order });
      await expectProblem(openDataset(folder), 'data', /regions_class_order/);
    }
  });

  it('opens the nnU-Net layout: numbered channels, values by name, test images without labels', async () => {
    const folder = temporaryFolder();
    for (const channel of [0, 1]) await writeImage(join(folder, `imagesTr/a_000${channel}.nii.gz`), ramp());
    await writeImage(join(folder, 'imagesTs/b_0000.nii.gz'), ramp());
    await writeImage(join(folder, 'imagesTs/b_0001.nii.gz'), ramp());
    await writeImage(join(folder, 'labelsTr/a.nii.gz'), twoLabels());
    writeText(join(folder, 'dataset.json'), {
      channel_names: { '0': 'T1', '1': 'FLAIR' },
      labels: { background: 0, tumour: 2, oedema: 1 },
      file_ending: '.nii.gz',
    });
    const dataset = await openDataset(folder);
    expect(dataset.name).toBe(basename(folder));
    expect(dataset.channels).toEqual(['T1', 'FLAIR']);
    expect(dataset.labels.map(({ name }) => name)).toEqual(['background', 'oedema', 'tumour']);
    expect(
      dataset.cases.map(({ id, images, label }) => [id, images.map((file) => basename(file)), label !== undefined]),
    ).toEqual([
      ['a', ['a_0000.nii.gz', 'a_0001.nii.gz'], true],
      ['b', ['b_0000.nii.gz', 'b_0001.nii.gz'], false],
    ]);
  });

  it('does not take the number of a case for a channel', async () => {
    const folder = temporaryFolder();
    await writePairs(folder, ['brain_0000', 'brain_0001']);
    expect((await openDataset(folder)).cases.map(({ id }) => id)).toEqual(['brain_0000', 'brain_0001']);
  });

  it('finds the labels of plain pairs in the voxels, and their names where a file has them', async () => {
    const folder = temporaryFolder();
    await writePairs(folder, ['a', 'b']);
    expect((await openDataset(folder)).labels).toEqual([
      { value: 0, name: 'background' },
      { value: 1, name: 'label_1' },
      { value: 2, name: 'label_2' },
    ]);
    writeText(join(folder, 'labels.json'), [
      { value: 1, name: 'head', colour: '#ff0000' },
      { value: 2, name: 'tail' },
    ]);
    expect((await openDataset(folder)).labels[1]).toEqual({ value: 1, name: 'head', colour: '#ff0000' });
  });

  it('passes over what is hidden or no image', async () => {
    const folder = temporaryFolder();
    await writePairs(folder, ['a']);
    writeText(join(folder, 'images/._a.nii.gz'), 'a copy by macOS');
    writeText(join(folder, 'images/notes.txt'), 'x');
    expect((await openDataset(folder)).cases).toHaveLength(1);
  });

  it.each([
    ['an image without label', 'labels/b.nii.gz', /b has no label .*Add the label/],
    ['a label without image', 'images/b.nii.gz', /b has a label but no image/],
  ])('refuses %s', async (_, missing, text) => {
    const folder = temporaryFolder();
    await writePairs(folder, ['a', 'b']);
    rmSync(join(folder, missing));
    await expectProblem(openDataset(folder), 'data', text);
  });

  it('refuses a folder that is not there, is a file, or is no data set', async () => {
    const folder = temporaryFolder();
    await expectProblem(openDataset(join(folder, 'nowhere')), 'data', /not a folder .*nowhere/);
    writeText(join(folder, 'file'), 'x');
    await expectProblem(openDataset(join(folder, 'file')), 'data', /not a folder/);
    await expectProblem(openDataset(folder), 'data', /imagesTr and labelsTr, or images and labels/);
  });

  it('refuses a data set without labels folder or without images', async () => {
    const folder = temporaryFolder();
    writeText(join(folder, 'imagesTr/readme.txt'), 'x');
    await expectProblem(openDataset(folder), 'data', /imagesTr but no labelsTr/);
    writeText(join(folder, 'labelsTr/readme.txt'), 'x');
    await expectProblem(openDataset(folder), 'data', /there is no image/);
  });

  it.each([
    ['text', '{"labels": ', /not JSON .*dataset\.json/],
    ['a value that is no number', { ...description, labels: { liver: 'one', '1': 2 } }, /dataset\.json: labels/],
    ['one value twice', { ...description, labels: { a: 1, b: 1 } }, /two labels have one value .*labels/],
    [
      'regions without their order',
      { ...description, labels: { background: 0, whole: [1, 2] } },
      /dataset\.json: regions_class_order/,
    ],
    ['labels to ignore', { ...description, labels: { background: 0, a: 1, ignore: 2 } }, /ignore/],
  ])('names the field that is wrong in a description: %s', async (_, content, text) => {
    const folder = temporaryFolder();
    await writePairs(folder, ['a'], 'decathlon');
    writeText(join(folder, 'dataset.json'), content);
    await expectProblem(openDataset(folder), 'data', text);
  });

  it('refuses labels that are not whole numbers where it must read them, naming the file', async () => {
    const folder = temporaryFolder();
    await writePairs(folder, ['a', 'b']);
    await writeImage(
      join(folder, 'labels/b.nii.gz'),
      ramp().map((value) => value / 2),
    );
    await expectProblem(openDataset(folder), 'data', /whole numbers.*0\.5.*labels\/b\.nii\.gz/);
  });

  it('groups the images of a person by a pattern, or by the usual ends of names', async () => {
    const folder = temporaryFolder();
    await writePairs(folder, ['p1_frame01', 'p1_frame12', 'p2_left']);
    const groups = async (groupBy?: string) => (await openDataset(folder, { groupBy })).cases.map(({ group }) => group);
    expect(await groups()).toEqual(['p1', 'p1', 'p2']);
    expect(await groups('frame|left')).toEqual(['frame', 'frame', 'left']);
    expect(await groups('_(\\w)')).toEqual(['f', 'f', 'l']);
    await expectProblem(groups('^(x)'), 'usage', /finds no group in p1_frame01/);
    await expectProblem(groups('('), 'usage', /not a regular expression/);
  });

  it.runIf(sharedData())('opens every volume data set of the shared folder with its split', async () => {
    for (const name of ['acdc-cardiac-mr', 'chaos-abdomen-mr-t2']) {
      const folder = join(sharedData()!, name);
      expect(existsSync(folder)).toBe(true);
      const { split, cases } = await openDataset(folder);
      const { train, validation, test } = split!;
      expect([...train, ...validation, ...test].toSorted()).toEqual(cases.map(({ id }) => id));
    }
  });
});

describe('a split file', () => {
  const split = (parts: Record<string, Record<string, string[]>>) => ({ splits: { Toy: parts } });
  async function dataset(content: unknown, place = 'splits.json') {
    const folder = join(temporaryFolder(), 'set');
    await writePairs(folder, ['a1', 'a2', 'b', 'c']);
    writeText(join(folder, 'dataset.json'), description);
    writeText(join(folder, place), content);
    return folder;
  }
  const sound = split({
    train: { a: ['a1.nii.gz', 'a2.nii.gz'] },
    validation: { b: ['b'] },
    test: { c: ['c.nii.gz'] },
  });

  it.each(['splits.json', '../splits.json'])('is found at %s and names the groups', async (place) => {
    const opened = await openDataset(await dataset(sound, place));
    expect(opened.split).toEqual({ train: ['a1', 'a2'], validation: ['b'], test: ['c'] });
    expect(opened.cases.map(({ group }) => group)).toEqual(['a', 'a', 'b', 'c']);
  });

  it('may be named, and then must hold the data set', async () => {
    const folder = await dataset(sound, 'elsewhere.json');
    expect((await openDataset(folder)).split).toBeUndefined();
    expect((await openDataset(folder, { splitFile: join(folder, 'elsewhere.json') })).split?.test).toEqual(['c']);
    await expectProblem(openDataset(folder, { splitFile: join(folder, 'none.json') }), 'data', /no such file/);
    writeText(join(folder, 'other.json'), { splits: { Other: {} } });
    await expectProblem(
      openDataset(folder, { splitFile: join(folder, 'other.json') }),
      'data',
      /no split for set or Toy/,
    );
  });

  it.each([
    [
      'a person in two parts',
      { train: { a: ['a1', 'b'] }, test: { a: ['a2'], c: ['c'] } },
      /a is in both train and test/,
    ],
    [
      'a case of two people',
      { train: { a: ['a1', 'a2'], b: ['a1', 'b'] }, test: { c: ['c'] } },
      /a1 belongs to both a and b/,
    ],
    ['a file that is not there', { train: { a: ['a3'] } }, /a3 is not in the data set/],
    ['a case left out', { train: { a: ['a1', 'a2'] }, test: { b: ['b'] } }, /c is in no part/],
    ['another form', { train: ['a1'] }, /splits\.Toy\.train/],
  ])('is refused with %s', async (_, parts, text) => {
    await expectProblem(openDataset(await dataset({ splits: { Toy: parts } })), 'data', text);
  });
});
