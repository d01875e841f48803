import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { largestDisplacement } from '../../../ml/volume/difference.ts';
import { readImage } from '../../../main/imaging/image.ts';
import type { Image } from '../../../main/imaging/reader.ts';
import type { Segment } from '../../../main/imaging/segments.ts';
import { writeImage } from '../../../main/imaging/write.ts';
import { axisDirections, numbered, rotation } from '../../ml/volume/grids.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { imageOn, images, straight } from './sampleImage.ts';

/** Every format that holds any volume. */
const extensions = ['.nii', '.nii.gz', '.nrrd', '.mha', '.mhd'];

let count = 0;
async function through(folder: string, image: Image, extension: string): Promise<Image> {
  const path = join(folder, `${count++}${extension}`);
  await writeImage(path, image, { existing: 'refuse' });
  return readImage(path);
}

function expectSame(back: Image, image: Image, what: string): void {
  expect(back.components, what).toBe(image.components);
  expect(back.volume.channels, what).toBe(image.volume.channels);
  expect(back.volume.grid.shape, what).toEqual(image.volume.grid.shape);
  expect(back.volume.data, what).toEqual(image.volume.data);
  expect(largestDisplacement(back.volume.grid, image.volume.grid), what).toBeLessThan(1e-3);
}

const segments: readonly Segment[] = [
  {
    value: 3,
    layer: 0,
    name: 'Leber\nmit "Umlaut" ü \\ und | ~',
    colour: '#dd8265',
    category: { scheme: 'SCT', value: '123037004', meaning: 'Anatomical Structure' },
    type: { scheme: 'SCT', value: '10200004', meaning: 'Liver' },
  },
  { value: 1, layer: 1, name: 'tumour', colour: null, category: null, type: null },
];

describe('an image written in one format', () => {
  it('comes back the same through every pair of formats, whatever its geometry, type, components and frames', async () => {
    const folder = temporaryFolder();
    await fc.assert(
      fc.asyncProperty(images, fc.constantFrom(...extensions), fc.constantFrom(...extensions), async (image, a, b) => {
        const first = await through(folder, image, a);
        expectSame(first, image, a);
        expectSame(await through(folder, { ...first, geometry: undefined }, b), image, `${a} and ${b}`);
      }),
      { numRuns: 60 },
    );
  });

  it('comes back from all 48 axis orders and flips in every format, straight and oblique', async () => {
    const folder = temporaryFolder();
    for (const [n, direction] of axisDirections.entries())
      for (const extension of extensions) {
        const image = imageOn({ ...straight, direction });
        expectSame(await through(folder, image, extension), image, `${n}${extension}`);
      }
    const oblique = imageOn({ ...straight, direction: rotation(0.1, -0.4, 1.2) });
    for (const extension of extensions) expectSame(await through(folder, oblique, extension), oblique, extension);
  });

  it('keeps voxel sides unknown where the format can, and says where it cannot', async () => {
    const folder = temporaryFolder();
    const image = imageOn({ ...straight, spacing: [1, 1, 1], unit: 'voxel' });
    for (const extension of ['.nrrd', '.mha'])
      expect((await through(folder, image, extension)).volume.grid.unit, extension).toBe('voxel');
    const path = join(folder, 'a.nii');
    expect(await writeImage(path, image, { existing: 'refuse' })).toEqual([
      expect.stringMatching(/voxel sides are unknown/),
    ]);
  });

  it('keeps names, colours, codes, values and layers of structures in .seg.nrrd, and says elsewhere that they are lost', async () => {
    const folder = temporaryFolder();
    const layers = imageOn(straight, 'uint8', 1, 2);
    const one = imageOn(straight, 'uint16');
    const [first = segments[1]!] = segments;
    for (const image of [
      { ...layers, segments },
      { ...one, segments: [first] },
    ]) {
      const back = await through(folder, image, '.seg.nrrd');
      expectSame(back, image, 'seg.nrrd');
      expect(back.segments).toEqual(image.segments);
    }
    const lost = await writeImage(join(folder, 'a.mha'), { ...layers, segments }, { existing: 'refuse' });
    expect(lost.join()).toMatch(/names and colours/);
  });
});

describe('a PNG', () => {
  it('holds pictures and straight volumes of 8 and 16 bits, as a folder where there are several slices', async () => {
    const folder = temporaryFolder();
    for (const type of ['uint8', 'uint16', 'int16', 'int32'] as const)
      for (const components of [1, 3, 4]) {
        const image = imageOn({ ...straight, unit: 'voxel', spacing: [1, 1, 1] }, type, components);
        const path = join(folder, `${type}${components}`);
        await writeImage(path, image, { existing: 'refuse' });
        expect(await readdir(path)).toEqual(['slice_0001.png', 'slice_0002.png', 'slice_0003.png']);
        const back = await readImage(path);
        expect([...back.volume.data]).toEqual([...image.volume.data]);
        expect(back.volume.grid.shape).toEqual([5, 4, 3]);
      }
    const picture = imageOn({ ...straight, shape: [5, 4, 1] }, 'uint8');
    const lost = await writeImage(join(folder, 'one.png'), picture, { existing: 'refuse' });
    expect(lost.join()).toMatch(/neither voxel size/);
    expect((await readImage(join(folder, 'one.png'))).volume.data).toEqual(picture.volume.data);
  });

  it('refuses what it cannot hold, and says what to use instead', async () => {
    const folder = temporaryFolder();
    const flat = { ...straight, shape: [5, 4, 1] } as const;
    const cases: readonly (readonly [Image, RegExp])[] = [
      [imageOn(flat, 'float32'), /whole numbers from 0 to 65535.*\.nii\.gz/],
      [
        { ...imageOn(flat), volume: { ...numbered(flat), data: Int16Array.from({ length: 20 }, () => -1) } },
        /whole numbers/,
      ],
      [imageOn(flat, 'uint8', 1, 2), /2 frames/],
      [imageOn(flat, 'uint8', 5), /1 to 4 numbers a pixel, and here are 5/],
      [imageOn({ ...flat, direction: rotation(0, 0, 0.3) }, 'uint8'), /obliquely/],
      [imageOn(straight, 'uint8'), /one PNG.*3 slices/],
    ];
    for (const [image, reason] of cases)
      await expect(writeImage(join(folder, 'a.png'), image, { existing: 'refuse' })).rejects.toThrow(reason);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('writeImage', () => {
  it('takes no name whose format it does not know, and names those it does', async () => {
    const name = join(temporaryFolder(), 'a.jpg');
    await expect(writeImage(name, imageOn(straight), { existing: 'refuse' })).rejects.toMatchObject({ kind: 'usage' });
    await expect(writeImage(name, imageOn(straight), { existing: 'refuse' })).rejects.toThrow(
      /NIfTI.*NRRD.*MetaImage.*PNG/,
    );
  });

  it('overwrites only where it may, and leaves nothing half-written', async () => {
    const folder = temporaryFolder();
    for (const name of ['a.nrrd', 'a.mha', 'a.mhd', 'a.nii.gz']) {
      const path = join(folder, name);
      await writeFile(path, 'mine');
      await expect(writeImage(path, imageOn(straight), { existing: 'refuse' })).rejects.toThrow(/exists already/);
      expect(await readFile(path, 'utf8')).toBe('mine');
      await writeImage(path, imageOn(straight), { existing: 'replace' });
      expect((await readImage(path)).volume.data).toEqual(imageOn(straight).volume.data);
    }
    expect((await readdir(folder)).sort()).toEqual(['a.mha', 'a.mhd', 'a.nii.gz', 'a.nrrd', 'a.raw']);
  });

  it('gives the same bytes every time', async () => {
    const folder = temporaryFolder();
    for (const extension of ['.nrrd', '.mha', '.nii.gz']) {
      const [a, b] = [join(folder, `a${extension}`), join(folder, `b${extension}`)];
      for (const path of [a, b]) await writeImage(path, imageOn(straight), { existing: 'refuse' });
      expect(await readFile(a)).toEqual(await readFile(b));
    }
  });
});
