import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Grid } from '../../../ml/volume/grid.ts';
import { readCase } from '../../../main/imaging/case.ts';
import { chooseVolume } from '../../../main/imaging/chooseVolume.ts';
import { describeImages, readImage } from '../../../main/imaging/image.ts';
import type { ImageDescription, ImageSource } from '../../../main/imaging/reader.ts';
import { imageOn } from './sampleImage.ts';
import { writeNifti } from '../../../main/imaging/nifti/write.ts';
import { numbered } from '../../ml/volume/grids.ts';
import { testData } from './nifti/files.ts';

const grid: Grid = {
  shape: [5, 4, 3],
  spacing: [1, 2, 3],
  unit: 'mm',
  origin: [5, -6, 7],
  direction: [0, 0, 1, -1, 0, 0, 0, 1, 0],
};
let folder: string;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'image-'));
  const one = numbered(grid);
  await writeNifti(at('t1.nii.gz'), one, { description: 'first' });
  await writeNifti(at('t2.nii'), { ...one, data: Int16Array.from(one.data, (value) => -value) });
  await writeNifti(at('moved.nii'), { ...one, grid: { ...grid, origin: [5, -6, 9] } });
  await writeNifti(at('series.nii'), numbered(grid, 2));
});
afterAll(() => rm(folder, { recursive: true }));

describe('describeImages', () => {
  it('says everything info lists, from the header', async () => {
    expect(await describeImages(at('series.nii'))).toEqual([
      {
        path: at('series.nii'),
        format: 'nifti',
        modality: null,
        description: '',
        shape: [5, 4, 3, 2],
        components: 1,
        dataType: 'float32',
        spacing: [1, 2, 3],
        origin: [5, -6, 7],
        direction: [0, 0, 1, -1, 0, 0, 0, 1, 0].map((value): unknown => expect.closeTo(value, 6)),
        orientation: 'ASL',
        transferSyntax: null,
        rescale: null,
        unit: null,
        frames: 2,
        files: 1,
        warnings: [],
      },
    ]);
  });

  it('describes what cannot be segmented, and pairs, and scaled images', async () => {
    const nifti = join(testData, 'nifti');
    expect(await describeImages(join(nifti, 'derived/rgb24.nii.gz'))).toMatchObject([
      {
        components: 3,
        dataType: 'rgb24',
      },
    ]);
    expect(await describeImages(join(nifti, 'pair/ras.img'))).toMatchObject([{ files: 2, orientation: 'RAS' }]);
    expect(await describeImages(join(nifti, 'derived/scl-slope-0.5-inter-minus-100.nii'))).toMatchObject([
      {
        dataType: 'int16',
        rescale: { slope: 0.5, intercept: -100 },
      },
    ]);
  });
});

describe('readImage', () => {
  it('goes by the content where the name says nothing', async () => {
    await writeNifti(at('named.nii.gz'), numbered(grid));
    await writeFile(at('unnamed'), await readFile(at('named.nii.gz')));
    expect((await readImage(at('unnamed'))).volume.data).toEqual(numbered(grid).data);
  });

  it('says what it reads where nothing reads a file', async () => {
    await writeFile(at('a.txt'), 'hello');
    await expect(readImage(at('a.txt'))).rejects.toThrow(/no kind.*a\.txt.*NIfTI/);
    await expect(readImage(at('b.txt'))).rejects.toThrow(/no such file/);
    await expect(readImage(folder)).rejects.toThrow(/folder|no kind/);
  });
});

describe('a path with several volumes', () => {
  const source = (described: ImageDescription, name: string): ImageSource => ({
    description: { ...described, description: name },
    read: () => Promise.resolve({ ...imageOn(grid), description: name }),
  });
  const options = { signal: new AbortController().signal, irregular: 'refuse' } as const;

  it('gives each by its number', async () => {
    const [described] = await describeImages(at('t1.nii.gz'));
    const found = ['localiser', 'thorax'].map((name) => source(described!, name));
    expect(chooseVolume(found, 'scan').map(({ description }) => description.path)).toEqual(['scan#1', 'scan#2']);
    const [second] = chooseVolume(found, 'scan', 2);
    expect(await second?.read(options)).toMatchObject({ path: 'scan#2', description: 'thorax' });
    expect(() => chooseVolume(found, 'scan', 3)).toThrow(/there are only 2 volumes \(scan#3\)/);
  });

  it('is told from a file that is really named so', async () => {
    const path = at('odd#1.nii');
    await writeNifti(path, numbered(grid));
    expect((await readImage(`${path}#1`)).volume.data).toEqual(numbered(grid).data);
    await expect(readImage(`${path}#2`)).rejects.toThrow(/there is only one volume/);
    await writeFile(at('t1#7'), await readFile(at('t1.nii.gz')));
    expect((await readImage(at('t1#7'))).description).toBe('first');
  });
});

describe('readCase', () => {
  it('puts sequences of one grid into channels, in the order given', async () => {
    const image = await readCase([
      { name: 'T2', path: at('t2.nii') },
      { name: 'T1', path: at('t1.nii.gz') },
    ]);
    const { data } = numbered(grid);
    expect(image.volume.channels).toBe(2);
    expect(image.volume.data).toEqual(Float32Array.of(...data.map((value) => 0 - value), ...data));
    expect(image.files).toEqual([at('t2.nii'), at('t1.nii.gz')]);
  });

  it('keeps one image as it is, frames and all', async () => {
    expect((await readCase([{ name: 'all', path: at('series.nii') }])).volume.channels).toBe(2);
  });

  it('names both files and what differs where grids do', async () => {
    const channels = [
      { name: 'T1', path: at('t1.nii.gz') },
      { name: 'T2', path: at('moved.nii') },
    ];
    await expect(readCase(channels)).rejects.toMatchObject({
      kind: 'data',
      what: 'the sequences of one case are on different grids: origin (5, -6, 7) and (5, -6, 9) mm',
      where: `${at('t1.nii.gz')} and ${at('moved.nii')}`,
    });
  });

  it('refuses a series among several sequences', async () => {
    const channels = [at('t1.nii.gz'), at('series.nii')].map((path, n) => ({ name: String(n), path }));
    await expect(readCase(channels)).rejects.toMatchObject({ kind: 'data', where: at('series.nii') });
  });
});
