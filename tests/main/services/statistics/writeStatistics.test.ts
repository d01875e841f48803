import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { measureStructures } from '../../../../main/services/statistics/structureStatistics.ts';
import { checkStatisticsName, writeStatistics } from '../../../../main/services/statistics/writeStatistics.ts';
import { runPython } from '../../../support/python.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import { gridOf, imageOf } from '../../imaging/meshes/labelImages.ts';

const signal = new AbortController().signal;
const code = { layer: 0, colour: null, category: null, type: null };
const grid = gridOf([3, 1, 1], { spacing: [2, 2, 2.5], origin: [0, 0, 0] });
const mask = imageOf(grid, Uint8Array.of(1, 1, 9), {
  path: '/patients/mask.nii.gz',
  segments: [
    { value: 1, name: 'a "b",\r\nc', ...code },
    { value: 9, name: '=HYPERLINK(1)', ...code },
    { value: 4, name: 'größe', ...code },
  ],
});
const image = imageOf(grid, Int16Array.of(10, 20, -5), { path: '/patients/scan.nii.gz', unit: 'HU' });

const problem = (kind: string, what: RegExp) =>
  expect.objectContaining({ kind, what: expect.stringMatching(what) as unknown }) as unknown;

const parse = (path: string) =>
  runPython<readonly Record<string, string>[]>(
    `import sys, csv, json; print(json.dumps(list(csv.DictReader(open(sys.argv[1], newline='', encoding='utf-8')))))`,
    [path],
  );

describe('writeStatistics', () => {
  it('writes CSV that another program reads line by line, with empty fields for what does not exist', async () => {
    const path = join(temporaryFolder(), 'a.csv');
    await writeStatistics(path, measureStructures(mask, { image, signal }), { mask, image }, 'refuse');
    const [first, second, third] = await parse(path);
    expect(first).toMatchObject({
      value: '1',
      name: 'a "b",\r\nc',
      voxels: '2',
      volumeMm3: '20',
      volumeMl: '0.02',
      lastI: '1',
      lowX: '-1',
      highX: '3',
      highZ: '1.25',
      centroidX: '1',
      components: '1',
      mean: '15',
      p25: '12.5',
      notFinite: '0',
    });
    // A spreadsheet would have run it.
    expect(second).toMatchObject({ name: "'=HYPERLINK(1)", voxels: '1', sd: '', mean: '-5' });
    expect(third).toMatchObject({
      name: 'größe',
      voxels: '0',
      volumeMl: '0',
      firstI: '',
      surfaceAreaMm2: '',
      mean: '',
    });
    expect(readFileSync(path, 'utf8').endsWith('\r\n')).toBe(true);
  });

  it('leaves the columns of intensities out where there is no image', async () => {
    const path = join(temporaryFolder(), 'a.csv');
    await writeStatistics(path, measureStructures(mask, { signal }), { mask }, 'refuse');
    expect(Object.keys((await parse(path))[0]!).at(-1)).toBe('largestComponentShare');
  });

  it('writes JSON with the names of the files, without their folders', async () => {
    const path = join(temporaryFolder(), 'a.JSON');
    const structures = measureStructures(mask, { image, signal });
    await writeStatistics(path, structures, { mask, image }, 'refuse');
    const { structures: written, ...rest } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    expect(written).toEqual(structures);
    expect(rest).toEqual({
      schema: 1,
      mask: 'mask.nii.gz',
      image: 'scan.nii.gz',
      unit: 'HU',
      space: 'LPS mm',
      connectivity: 'faces',
    });
  });

  it('refuses other names, and what exists unless it may be replaced', async () => {
    const folder = temporaryFolder();
    const write = (name: string, existing: 'refuse' | 'replace') =>
      writeStatistics(join(folder, name), measureStructures(mask, { signal }), { mask }, existing);
    expect(() => {
      checkStatisticsName('a.xlsx');
    }).toThrow(problem('usage', /\.csv or \.json/));
    await expect(write('a.xlsx', 'refuse')).rejects.toEqual(problem('usage', /\.csv or \.json/));
    await write('a.csv', 'refuse');
    await expect(write('a.csv', 'refuse')).rejects.toEqual(problem('data', /exists already/));
    await write('a.csv', 'replace');
    expect(readdirSync(folder)).toEqual(['a.csv']);
  });
});
