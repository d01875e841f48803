import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Problem } from '../../../../ml/check/problem.ts';
import { orientationCode } from '../../../../ml/volume/orientation.ts';
import { describeImages, readImage } from '../../../../main/imaging/image.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const values = Uint8Array.from({ length: 24 }, (_, n) => n * 3);
const geometry = ['space: LPS', 'space directions: (1,0,0) (0,2,0) (0,0,3)', 'space origin: (5,-6,7)'];
const base = ['type: uchar', 'dimension: 3', 'sizes: 2 3 4', 'encoding: raw'];

async function file(lines: readonly string[], data: Uint8Array | string = values, name = 'a.nrrd'): Promise<string> {
  const path = join(temporaryFolder(), name);
  await writeFile(path, Buffer.concat([Buffer.from(`${['NRRD0004', ...lines].join('\n')}\n\n`), Buffer.from(data)]));
  return path;
}

/** Field by field: those of `changes` take the place of those of `base` and `geometry`. */
function withFields(...changes: readonly string[]): readonly string[] {
  const name = (line: string) => line.split(':')[0]!;
  const kept = [...base, ...geometry].filter((line) => !changes.some((change) => name(change) === name(line)));
  return [...kept, ...changes.filter((line) => !line.endsWith(': -'))];
}

describe('a NRRD', () => {
  it.each<[string, readonly string[], Uint8Array | string]>([
    ['raw', [], values],
    ['gzip', ['encoding: gz'], gzipSync(values)],
    ['text', ['encoding: ascii'], [...values].join(' ')],
    ['text with any white space', ['encoding: text'], [...values].join('\n\t ')],
    ['behind lines to skip', ['line skip: 2'], Buffer.concat([Buffer.from('one\ntwo\n'), values])],
    ['behind bytes to skip', ['byte skip: 3'], Buffer.concat([Buffer.from('abc'), values])],
    [
      'behind bytes to skip within gzip',
      ['encoding: gzip', 'byteskip: 3'],
      gzipSync(Buffer.concat([Buffer.from('abc'), values])),
    ],
    ['at the end of the file', ['byte skip: -1'], Buffer.concat([Buffer.from('any length'), values])],
    [
      'with comments, keys and names in other forms',
      ['# no: field', 'key:=a: b', 'Content: x', 'type: uint8_t'],
      values,
    ],
  ])('is read where its voxels are %s', async (_, changes, data) => {
    const image = await readImage(await file(withFields(...changes), data));
    expect(image.volume.data).toEqual(values);
    expect(image.volume.grid).toMatchObject({ shape: [2, 3, 4], spacing: [1, 2, 3], origin: [5, -6, 7], unit: 'mm' });
    expect(image.warnings).toEqual([]);
  });

  it('lies where its space says', async () => {
    const place = async (...changes: readonly string[]) => {
      const { grid } = (await readImage(await file(withFields(...changes)))).volume;
      return [orientationCode(grid), ...grid.origin];
    };
    expect(await place()).toEqual(['LPS', 5, -6, 7]);
    expect(await place('space: right-anterior-superior')).toEqual(['RAS', -5, 6, 7]);
    expect(await place('space: LAS')).toEqual(['LAS', 5, 6, 7]);
    expect(await place('space: LAS', 'space directions: (0,0,-1) (2,0,0) (0,3,0)')).toEqual(['ILA', 5, 6, 7]);
    expect(await place('space units: "cm" "cm" "cm"')).toEqual(['LPS', 50, -60, 70]);
  });

  it('says what it does not know', async () => {
    const free = ['space: -', 'space directions: -', 'space origin: -'];
    const unplaced = await readImage(await file(withFields(...free, 'spacings: 1 2 3')));
    expect(unplaced.volume.grid).toMatchObject({ spacing: [1, 2, 3], unit: 'mm' });
    expect(unplaced.warnings.join()).toMatch(/no orientation/);
    const unknown = await readImage(await file(withFields(...free)));
    expect(unknown.volume.grid.unit).toBe('voxel');
    const scanner = await readImage(await file(withFields('space: scanner-xyz')));
    expect(scanner.warnings.join()).toMatch(/scanner-xyz.*may be wrong/);
    const unordered = await readImage(await file(withFields('type: short'), Buffer.concat([values, values])));
    expect(unordered.warnings.join()).toMatch(/byte order/);
  });

  it.each<[string, readonly string[], number, number, readonly number[]]>([
    [
      'colours first',
      ['sizes: 3 2 4', 'space directions: none (1,0,0) (0,1,0)', 'kinds: RGB-color domain domain'],
      3,
      3,
      [0, 9, 18],
    ],
    [
      'colours last',
      ['sizes: 2 4 3', 'space directions: (1,0,0) (0,1,0) none', 'kinds: domain domain vector'],
      3,
      3,
      [0, 3, 6],
    ],
    [
      'time last',
      ['sizes: 2 4 3', 'space directions: (1,0,0) (0,1,0) none', 'kinds: domain domain time'],
      1,
      3,
      [0, 3, 6],
    ],
    [
      'a list first',
      ['sizes: 3 2 4', 'space directions: none (1,0,0) (0,1,0)', 'kinds: list domain domain'],
      1,
      3,
      [0, 9, 18],
    ],
    ['something first', ['sizes: 3 2 4', 'space directions: none (1,0,0) (0,1,0)'], 3, 3, [0, 9, 18]],
    [
      'time with a place in space',
      ['space: LPST', 'sizes: 2 4 3', 'space directions: (1,0,0,0) (0,1,0,0) (0,0,0,2)', 'space origin: (0,0,0,0)'],
      1,
      3,
      [0, 3, 6],
    ],
  ])('has %s', async (_, changes, components, channels, first) => {
    const { volume, ...image } = await readImage(await file(withFields(...changes)));
    expect([image.components, volume.channels, volume.grid.shape]).toEqual([components, channels, [2, 4, 1]]);
    expect([...volume.data.slice(0, 3)]).toEqual(first);
  });

  it('may have its voxels in one file beside it, in a list, or in numbered files', async () => {
    for (const line of [
      'data file: a.raw',
      'datafile: s%02d.raw 1 4 1',
      'data file: LIST\ns01.raw\ns02.raw\ns03.raw\ns04.raw',
    ]) {
      const path = await file(withFields(line), '', 'a.nhdr');
      const folder = join(path, '..');
      await writeFile(join(folder, 'a.raw'), values);
      for (let n = 0; n < 4; n++) await writeFile(join(folder, `s0${n + 1}.raw`), values.subarray(n * 6, n * 6 + 6));
      const image = await readImage(path);
      expect(image.volume.data, line).toEqual(values);
      expect(image.files.length, line).toBe(line.includes('a.raw') ? 2 : 5);
    }
  });

  it('tells the structures of a segmentation by 3D Slicer’s keys', async () => {
    const tags =
      'Segmentation.Status:inprogress|TerminologyEntry:any list~SCT^85756007^Tissue~SCT^28273000^Bile duct~^^~any~^^~^^|';
    const keys = [
      'Segment0_ID:=S1',
      'Segment0_Name:=duct',
      'Segment0_Color:=0.5 1 0',
      'Segment0_LabelValue:=7',
      'Segment0_Layer:=0',
      `Segment0_Tags:=${tags}`,
    ];
    const { segments } = await readImage(await file(withFields(...keys)));
    expect(segments).toEqual([
      {
        value: 7,
        layer: 0,
        name: 'duct',
        colour: '#80ff00',
        category: { scheme: 'SCT', value: '85756007', meaning: 'Tissue' },
        type: { scheme: 'SCT', value: '28273000', meaning: 'Bile duct' },
      },
    ]);
    const old = [
      'dimension: 4',
      'sizes: 2 2 3 2',
      'space directions: none (1,0,0) (0,1,0) (0,0,1)',
      'kinds: list domain domain domain',
    ];
    const names = ['Segment0_ID:=a', 'Segment1_ID:=b', 'Segment1_Color:=nonsense'];
    const layers = await readImage(await file(withFields(...old, ...names)));
    expect(layers.segments?.map(({ name, layer, value, colour }) => [name, layer, value, colour])).toEqual([
      ['a', 0, 1, null],
      ['b', 1, 1, null],
    ]);
  });
});

describe('a broken NRRD is refused with a reason', () => {
  const huge = '60000 60000 60000';
  it.each<[string, readonly string[], Uint8Array | string, RegExp]>([
    [
      'the last byte missing',
      withFields(),
      values.subarray(1),
      /cut off: its voxels need 24 bytes, and there are at most 23/,
    ],
    ['compressed data that ends too soon', withFields('encoding: gzip'), gzipSync(values).subarray(0, -9), /cut off/],
    ['compressed data with too few voxels', withFields('encoding: gzip'), gzipSync(values.subarray(3)), /cut off/],
    ['compressed data that is none', withFields('encoding: gzip'), values, /damaged/],
    [
      'text with too few numbers',
      withFields('encoding: ascii'),
      '1 2 3 '.repeat(7) + ' '.repeat(100),
      /need 24 numbers/,
    ],
    ['text that is no number', withFields('encoding: ascii'), 'one '.repeat(24), /"one" is no number/],
    ['more voxels than there is room for', withFields(`sizes: ${huge}`), values, /cut off/],
    ['more voxels than can be unpacked', withFields(`sizes: ${huge}`, 'encoding: gzip'), gzipSync(values), /cut off/],
    [
      'sizes beyond numbers',
      withFields('dimension: 4', `sizes: ${huge} 99999999`, 'space directions: -'),
      values,
      /beyond all sense/,
    ],
    ['sizes that do not fit', withFields('sizes: 2 3'), values, /dimension 3 and 2 sizes/],
    ['a size of zero', withFields('sizes: 2 0 3'), values, /sizes is "0"/],
    ['axes in one plane', withFields('space directions: (1,0,0) (0,1,0) (1,1,0)'), values, /span no volume/],
    ['a vector that is none', withFields('space directions: (1,0,0) (0,x,0) (0,0,1)'), values, /no vector/],
    ['too many lines to skip', withFields('line skip: 9'), values, /fewer than 9 lines/],
    ['blocks', withFields('type: block'), values, /type "block" are not supported/],
    ['bzip2', withFields('encoding: bzip2'), values, /encoding "bzip2" is not supported.*gzip/],
    ['hexadecimal', withFields('encoding: hex'), values, /encoding "hex" is not supported/],
    ['no type', withFields('type: -'), values, /no field "type"/],
    ['a line that is no field', withFields('hello'), values, /"hello" is no field/],
    ['another file outside its folder', withFields('data file: ../secret.raw'), '', /outside its own folder/],
    ['a missing file', withFields('data file: none.raw'), '', /no such file/],
    ['a folder as data file', withFields('data file: sub'), '', /no plain file/],
    ['endless numbered files', withFields('data file: %d.raw 1 999999999 1'), '', /names data files/],
    ['numbered files that go nowhere', withFields('data file: %d.raw 1 9 0'), '', /names data files/],
    [
      'files among which voxels do not divide',
      withFields('data file: LIST\na.nrrd\na.nrrd\na.nrrd\na.nrrd\na.nrrd'),
      '',
      /do not divide among 5/,
    ],
  ])('%s', async (_, lines, data, reason) => {
    const path = await file(lines, data);
    await mkdir(join(path, '../sub'));
    const error: unknown = await readImage(path).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(Problem);
    expect((error as Problem).kind).toBe('data');
    expect((error as Problem).message).toMatch(reason);
  });

  it('a header that is cut off', async () => {
    const path = join(temporaryFolder(), 'a.nrrd');
    await writeFile(path, 'NRRD0004\ntype: uchar\n');
    await expect(describeImages(path)).rejects.toThrow(/cut off/);
    await writeFile(path, 'NRRD0004\n');
    await expect(describeImages(path)).rejects.toThrow(/cut off/);
  });
});
