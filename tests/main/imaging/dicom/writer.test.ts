import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { reorder } from '../../../../ml/volume/reorder.ts';
import { readImage } from '../../../../main/imaging/image.ts';
import type { Image } from '../../../../main/imaging/reader.ts';
import { writeImage } from '../../../../main/imaging/write.ts';
import type { DicomOptions } from '../../../../main/imaging/writer.ts';
import { dciodvfyErrors } from '../../../support/dciodvfy.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import { sfumato } from '../../cli/launch.ts';
import { tags } from '../../../../main/imaging/dicom/tags.ts';
import { openObject, testFile } from './seg/files.ts';
import { segment } from './seg/made.ts';
import { largestDifference, readTheirs } from './seg/theirs.ts';

const slices = ['IMG0001.dcm', 'IMG0002.dcm', 'IMG0003.dcm'];

/** A CT of three slices, alone in a folder. */
function sourceFolder(): string {
  const folder = temporaryFolder();
  for (const name of slices) copyFileSync(testFile(name), join(folder, name));
  return folder;
}

const nobody = { as: 'seg', algorithm: undefined } as const;

const write = (path: string, image: Image, dicom: DicomOptions) =>
  writeImage(path, image, { existing: 'refuse', dicom });

/** Labels 1 and 2 on all voxels of the CT, with or without names. */
async function labels(source: string, named: boolean): Promise<Image> {
  const { grid, data } = (await readImage(source)).volume;
  const labelled = { grid, channels: 1, data: Uint8Array.from(data, (_, n) => [0, 1, 2, 0, 0][n % 5]!) };
  const image = { ...(await readImage(source)), path: 'mask.nii.gz', volume: labelled };
  return named ? { ...image, segments: [segment(1, 0, 'left kidney'), segment(2, 0, 'my thing')] } : image;
}

describe('a label image as .dcm', () => {
  it.each(['seg', 'labelmap'] as const)('becomes a %s that highdicom reads at the same places', async (as) => {
    const source = sourceFolder();
    const path = join(temporaryFolder(), 'out.dcm');
    await write(path, await labels(source, true), { ...nobody, as, source });
    const [theirs] = await readTheirs([path]);
    expect(theirs).toMatchObject({ names: ['left kidney', 'my thing'], colours: ['#e69f00', '#e69f00'] });
    const ours = await readImage(path);
    expect(largestDifference(ours, theirs!)).toBe(0);
    expect(ours.segments!.map(({ modifier }) => modifier?.meaning)).toEqual(['Left', undefined]);
    const nrrd = join(temporaryFolder(), 'mask.seg.nrrd');
    await writeImage(nrrd, ours, { existing: 'refuse' });
    const again = `${path}.dcm`;
    await write(again, await readImage(nrrd), { ...nobody, as, source });
    expect((await readImage(again)).segments).toEqual(ours.segments);
    expect(ours.volume.data).toEqual((await labels(source, true)).volume.data);
    // The checker of Debian is older than label maps.
    if (as === 'seg') expect(await dciodvfyErrors(path)).toEqual([]);
  });

  it('becomes contours that fill to the same voxels', async () => {
    const source = sourceFolder();
    const path = join(source, 'out.dcm');
    await write(path, await labels(source, true), { ...nobody, as: 'rtstruct', source });
    const { volume, segments, modality } = await readImage(path);
    expect(modality).toBe('RTSTRUCT');
    expect(segments!.map(({ name }) => name)).toEqual(['left kidney', 'my thing']);
    expect(volume.data).toEqual((await labels(source, true)).volume.data);
    expect(await dciodvfyErrors(path)).toEqual([]);
  });

  it('is turned to the axes of the series, and what has no name gets one', async () => {
    const source = sourceFolder();
    const image = await labels(source, false);
    const turned = { ...image, volume: reorder(image.volume, { from: [2, 0, 1], flipped: [true, false, true] }) };
    const path = join(temporaryFolder(), 'out.dcm');
    await write(path, turned, { ...nobody, source });
    const { volume, segments } = await readImage(path);
    expect(volume.data).toEqual(image.volume.data);
    expect(segments!.map(({ name }) => name)).toEqual(['label_1', 'label_2']);
  });

  it('may be a part of the series, and is refused where a structure lies beyond it', async () => {
    const source = sourceFolder();
    const image = await labels(source, false);
    const path = join(temporaryFolder(), 'out.dcm');
    const { shape, origin, spacing, direction } = image.volume.grid;
    const higher = origin.map((value, axis) => value + spacing[2] * direction[3 * axis + 2]!);
    const shifted = { ...image.volume.grid, origin: [higher[0]!, higher[1]!, higher[2]!] as const };
    await expect(
      write(path, { ...image, volume: { ...image.volume, grid: shifted } }, { ...nobody, source }),
    ).rejects.toMatchObject({ kind: 'data', what: expect.stringContaining('beyond the series') as string });
    const area = shape[0] * shape[1];
    const part = { grid: { ...shifted, shape: [shape[0], shape[1], 1] as const }, channels: 1 };
    const data = image.volume.data.slice(area, 2 * area);
    await write(path, { ...image, volume: { ...part, data } }, { ...nobody, source });
    expect((await readImage(path)).volume.data).toEqual(data);
  });
});

describe('a probability map as .dcm', () => {
  it('keeps each channel as a structure, in steps of 1/255', async () => {
    const source = sourceFolder();
    const { volume, ...image } = await labels(source, false);
    const data = Float32Array.from({ length: 2 * volume.data.length }, (_, n) => (n % 98) / 97);
    const path = join(temporaryFolder(), 'out.dcm');
    const fractions = { ...image, volume: { ...volume, channels: 2, data } };
    const lost = await write(path, fractions, { ...nobody, as: 'fractional', source });
    expect(lost.join()).toContain('1/255');
    const [theirs] = await readTheirs([path]);
    const ours = await readImage(path);
    expect(largestDifference(ours, theirs!)).toBeLessThan(1e-6);
    ours.volume.data.forEach((value, n) => {
      expect(Math.abs(value - data[n]!)).toBeLessThanOrEqual(0.5 / 255 + 1e-6);
    });
    const wrong = { ...fractions, volume: { ...fractions.volume, data: data.map((value) => value * 2) } };
    await expect(write(`${path}2.dcm`, wrong, { ...nobody, as: 'fractional', source })).rejects.toMatchObject({
      what: expect.stringContaining('a probability is') as string,
    });
  });
});

describe('convert to .dcm', () => {
  it('carries names, colours, codes and the program that drew from file to file', async () => {
    const source = sourceFolder();
    const [nrrd, path] = [join(temporaryFolder(), 'mask.seg.nrrd'), join(temporaryFolder(), 'out.dcm')];
    await sfumato(['convert', testFile('label.seg'), nrrd]);
    const ended = await sfumato(['convert', nrrd, path, '--source', source, '--algorithm', 'Our Net 1.2']);
    expect(ended, ended.stderr).toMatchObject({ code: 0 });
    const [before, after] = [await readImage(testFile('label.seg')), await readImage(path)];
    expect(after.segments).toEqual(before.segments);
    expect(await dciodvfyErrors(path)).toEqual([]);
    const { dataset } = await openObject(path, false);
    const [drawn] = dataset.items(tags.SegmentSequence);
    expect(drawn?.text(tags.SegmentAlgorithmName)).toBe('Our Net');
  });

  it('is refused without the series, and with one that lies elsewhere', async () => {
    const mask = testFile('label.seg');
    const path = join(temporaryFolder(), 'out.dcm');
    const alone = await sfumato(['convert', mask, path]);
    expect(alone).toMatchObject({ code: 2 });
    expect(alone.stderr).toContain('--source FOLDER');
    const elsewhere = await sfumato(['convert', mask, path, '--source', testFile('../dicom/small/CT_small.dcm')]);
    expect(elsewhere).toMatchObject({ code: 3 });
    expect(elsewhere.stderr).toContain('does not lie on the voxels of this series');
  });
});
