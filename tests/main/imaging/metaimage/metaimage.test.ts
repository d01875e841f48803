import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Problem } from '../../../../ml/check/problem.ts';
import { orientationCode } from '../../../../ml/volume/orientation.ts';
import { readImage } from '../../../../main/imaging/image.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const values = Uint8Array.from({ length: 24 }, (_, n) => n * 3);
const base = [
  'ObjectType = Image',
  'NDims = 3',
  'BinaryData = True',
  'TransformMatrix = 1 0 0 0 1 0 0 0 1',
  'Offset = 5 -6 7',
  'ElementSpacing = 1 2 3',
  'DimSize = 2 3 4',
  'ElementType = MET_UCHAR',
  'ElementDataFile = LOCAL',
];

async function file(changes: readonly string[], data: Uint8Array | string = values): Promise<string> {
  const name = (line: string) => line.split(/\s*=/)[0]!;
  const kept = base.filter((line) => !changes.some((change) => name(change) === name(line)));
  const all = [...changes.filter((line) => !line.endsWith('= -')), ...kept];
  const last = all.filter((line) => line.startsWith('ElementDataFile'));
  const lines = [...all.filter((line) => !line.startsWith('ElementDataFile')), ...last];
  const path = join(temporaryFolder(), 'a.mha');
  await writeFile(path, Buffer.concat([Buffer.from(`${lines.join('\n')}\n`), Buffer.from(data)]));
  return path;
}

describe('a MetaImage', () => {
  it.each<[string, readonly string[], Uint8Array | string]>([
    ['raw', [], values],
    ['compressed', ['CompressedData = True'], deflateSync(values)],
    ['text', ['BinaryData = False'], [...values].join(' ')],
    ['behind another header', ['HeaderSize = 3'], Buffer.concat([Buffer.from('abc'), values])],
    ['at the end of the file', ['HeaderSize = -1'], Buffer.concat([Buffer.from('any length'), values])],
    [
      'with other names of the fields',
      ['Offset = -', 'Position = 5 -6 7', 'dim[0] = 3', 'ElementSpacing = -', 'ElementSize = 1 2 3'],
      values,
    ],
  ])('is read where its voxels are %s', async (_, changes, data) => {
    const image = await readImage(await file(changes, data));
    expect(image.volume.data).toEqual(values);
    expect(image.volume.grid).toMatchObject({ shape: [2, 3, 4], spacing: [1, 2, 3], origin: [5, -6, 7], unit: 'mm' });
    expect(image.warnings).toEqual([]);
  });

  it('has the directions of its axes one after the other in its matrix', async () => {
    const { volume } = await readImage(await file(['TransformMatrix = 0 0 -1 1 0 0 0 1 0']));
    expect(orientationCode(volume.grid)).toBe('ILP');
  });

  it('of high byte first and of several numbers a voxel', async () => {
    const changes = [
      'BinaryDataByteOrderMSB = True',
      'ElementType = MET_USHORT',
      'DimSize = 2 2 1',
      'ElementNumberOfChannels = 3',
    ];
    const { volume, components } = await readImage(await file(changes));
    expect([components, volume.channels]).toEqual([3, 3]);
    expect(volume.data).toEqual(
      Uint16Array.of(
        3,
        18 * 256 + 21,
        36 * 256 + 39,
        54 * 256 + 57,
        6 * 256 + 9,
        24 * 256 + 27,
        42 * 256 + 45,
        60 * 256 + 63,
        12 * 256 + 15,
        30 * 256 + 33,
        48 * 256 + 51,
        66 * 256 + 69,
      ),
    );
  });

  it('may have its voxels in one file beside it, in a list, or in numbered files', async () => {
    for (const name of ['a.raw', 's%02d.raw 1 4 1', 'LIST\ns01.raw\ns02.raw\ns03.raw\ns04.raw']) {
      const path = await file([`ElementDataFile = ${name}`], '');
      await writeFile(join(path, '../a.raw'), values);
      for (let n = 0; n < 4; n++) await writeFile(join(path, `../s0${n + 1}.raw`), values.subarray(n * 6, n * 6 + 6));
      expect((await readImage(path)).volume.data, name).toEqual(values);
    }
  });

  it('of two or four axes', async () => {
    const flat = ['NDims = 2', 'TransformMatrix = 0 1 1 0', 'Offset = 1 2', 'ElementSpacing = 3 4', 'DimSize = 4 6'];
    const picture = await readImage(await file(flat));
    expect(picture.volume.grid).toMatchObject({ shape: [4, 6, 1], spacing: [3, 4, 1], origin: [1, 2, 0] });
    const matrix = 'TransformMatrix = 1 0 0 0 0 1 0 0 0 0 1 0 0 0 0 1';
    const deep = ['NDims = 4', matrix, 'Offset = 1 2 3 4', 'ElementSpacing = 3 4 5 6', 'DimSize = 2 3 2 2'];
    const series = await readImage(await file(deep));
    expect(series.volume).toMatchObject({ channels: 2, grid: { shape: [2, 3, 2], spacing: [3, 4, 5] }, data: values });
  });

  it('says what it does not know, and what it leaves aside', async () => {
    const bare = await readImage(
      await file(['ElementSpacing = -', 'TransformMatrix = -', 'AnatomicalOrientation = LPI']),
    );
    expect(bare.volume.grid).toMatchObject({ unit: 'voxel', spacing: [1, 1, 1] });
    expect(bare.warnings.join()).toMatch(/LPI.*no voxel sides.*no orientation/);
    const odd = ['CenterOfRotation = 1 0 0', 'ElementToIntensityFunctionSlope = 2'];
    expect((await readImage(await file(odd))).warnings.join()).toMatch(/CenterOfRotation.*not applied/);
  });
});

describe('a broken MetaImage is refused with a reason', () => {
  const huge = 'DimSize = 60000 60000 60000';
  it.each<[string, readonly string[], Uint8Array | string, RegExp]>([
    ['the last byte missing', [], values.subarray(1), /cut off: its voxels need 24 bytes, and there are at most 23/],
    ['compressed data that ends too soon', ['CompressedData = True'], deflateSync(values).subarray(0, -6), /cut off/],
    ['compressed data that is none', ['CompressedData = True'], values, /damaged/],
    ['more voxels than there is room for', [huge], values, /cut off/],
    ['more voxels than can be unpacked', [huge, 'CompressedData = True'], deflateSync(values), /cut off/],
    ['a size of zero', ['DimSize = 2 0 4'], values, /DimSize is "2 0 4"/],
    ['too few sizes', ['DimSize = 2 3'], values, /dimsize is not 3 numbers/],
    ['axes in one plane', ['TransformMatrix = 1 0 0 0 1 0 1 1 0'], values, /span no volume/],
    ['a spacing of zero', ['ElementSpacing = 0 1 1'], values, /span no volume/],
    ['a type that there is not', ['ElementType = MET_STRING'], values, /"MET_STRING" are not supported/],
    ['no axes', ['NDims = 0'], values, /NDims is "0"/],
    ['no data file', ['ElementDataFile = -'], '', /no ElementDataFile/],
    ['a file outside its folder', ['ElementDataFile = /etc/passwd'], '', /outside its own folder/],
    ['a missing file', ['ElementDataFile = none.raw'], '', /no such file/],
  ])('%s', async (_, changes, data, reason) => {
    const error: unknown = await readImage(await file(changes, data)).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(Problem);
    expect((error as Problem).kind).toBe('data');
    expect((error as Problem).message).toMatch(reason);
  });
});
