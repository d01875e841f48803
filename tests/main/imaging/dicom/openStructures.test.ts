import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeImages, readImage } from '../../../../main/imaging/image.ts';
import { imageName } from '../../../../main/imaging/imageName.ts';
import { dicomReader } from '../../../../main/imaging/dicom/reader.ts';
import { writeStructureSet } from '../../../../main/imaging/dicom/rtstruct/writeStructureSet.ts';
import { readSegmentation } from '../../../../main/imaging/dicom/seg/readSegmentation.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import { openObject, openSlices, testFile } from './seg/files.ts';

const signal = new AbortController().signal;
const options = { signal, irregular: 'refuse' } as const;

describe('dicomReader', () => {
  it('opens a segmentation as labels with names', async () => {
    const [source, ...others] = await dicomReader.open(testFile('label.seg'), options);
    expect(others).toEqual([]);
    expect(source?.description).toMatchObject({ modality: 'SEG', shape: [23, 38, 3], dataType: 'uint8' });
    const image = await source!.read(options);
    expect(image.segments?.map(({ name }) => name)).toEqual(['Liver']);
    expect(image).toEqual(await readSegmentation(await openObject(testFile('label.seg'), true)));
  });

  it('opens a structure set on the grid of the images beside it', async () => {
    const folder = temporaryFolder();
    const sources = await openSlices();
    for (const { path } of sources) await copyFile(path, join(folder, basename(path)));
    const drawn = await readSegmentation(await openObject(testFile('label.seg'), true));
    const path = join(folder, 'structures.dcm');
    const drawing = { by: 'person' } as const;
    await writeStructureSet(path, {
      sources,
      drawing,
      description: 'Liver',
      volume: drawn.volume,
      segments: drawn.segments!,
    });
    const [source] = await dicomReader.open(path, options);
    const image = await source!.read(options);
    expect(image.volume.grid.shape).toEqual(drawn.volume.grid.shape);
    expect(image.volume.data).toEqual(drawn.volume.data);
    expect(image.segments).toMatchObject([{ name: 'Liver', colour: '#dd8265' }]);
    expect(source?.description).toMatchObject({ modality: 'RTSTRUCT', shape: image.volume.grid.shape });
  });

  it('says which series a structure set needs where it is not there', async () => {
    const path = join(temporaryFolder(), 'structures.dcm');
    await copyFile(testFile('rtstruct.dcm'), path);
    await expect(dicomReader.open(path, options)).rejects.toMatchObject({
      name: 'Problem',
      kind: 'data',
      where: path,
      remedy: expect.stringContaining('1.2.826.0.1.3680043.8.498.2010020400001.2.1.1') as unknown,
    });
  });
});

describe('a segmentation in the folder of a series', () => {
  async function seriesWith(segmentation: Uint8Array | undefined): Promise<string> {
    const folder = temporaryFolder();
    for (const { path } of await openSlices()) await copyFile(path, join(folder, basename(path)));
    if (segmentation !== undefined) await writeFile(join(folder, 'label.seg'), segmentation);
    return folder;
  }

  it('is listed, opens by its number, and leaves the series the only image', async () => {
    const folder = await seriesWith(await readFile(testFile('label.seg')));
    const described = await describeImages(folder);
    expect(described).toMatchObject([
      { modality: 'CT', warnings: [] },
      { modality: 'SEG', kind: 'segmentation' },
    ]);
    expect((await readImage(folder)).volume).toEqual((await readImage(await seriesWith(undefined))).volume);
    const drawn = await readImage(`${folder}#2`);
    expect(drawn.volume).toEqual((await readImage(testFile('label.seg'))).volume);
    expect(await imageName(folder)).toBe(await imageName(await seriesWith(undefined)));
  });

  it('is passed over with a warning where it is damaged', async () => {
    const bytes = await readFile(testFile('label.seg'));
    const type = bytes.indexOf('BINARY');
    const folder = await seriesWith(
      Buffer.concat([bytes.subarray(0, type), Buffer.from('BANANA'), bytes.subarray(type + 6)]),
    );
    const [series, ...others] = await describeImages(folder);
    expect(others).toEqual([]);
    expect(series?.warnings).toEqual([expect.stringContaining('a segmentation was passed over')]);
  });
});
