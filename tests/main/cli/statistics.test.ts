import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { hippocampus } from '../datasets/folders.ts';
import { parseLines, sfumato } from './launch.ts';

const scan = join(hippocampus, 'imagesTr', 'hippocampus_025.nii.gz');
const mask = join(hippocampus, 'labelsTr', 'hippocampus_025.nii.gz');

describe('sfumato statistics', () => {
  it('measures each structure into a table, and under an image', async () => {
    const out = join(temporaryFolder(), 'statistics.csv');
    const { code, stdout, stderr } = await sfumato(['statistics', mask, '--image', scan, '--out', out, '--json']);
    expect(code, stderr).toBe(0);
    const result = parseLines(stdout).at(-1) as { structures: { value: number; voxels: number }[] };
    expect(result.structures.map(({ value }) => value)).toEqual([1, 2]);
    const [head, ...rows] = readFileSync(out, 'utf8').trim().split(/\r?\n/);
    const column = head!.split(',').indexOf('voxels');
    expect(rows.map((row) => Number(row.split(',')[column]))).toEqual(result.structures.map(({ voxels }) => voxels));
  });

  it('refuses a file of another kind, and one that is there', async () => {
    const folder = temporaryFolder();
    expect(await sfumato(['statistics', mask, '--out', join(folder, 'a.txt')])).toMatchObject({ code: 2 });
    const there = join(folder, 'a.json');
    writeFileSync(there, '{}');
    const { code, stderr } = await sfumato(['statistics', mask, '--out', there]);
    expect([code, stderr]).toEqual([3, expect.stringContaining('this exists already')]);
    expect(readFileSync(there, 'utf8')).toBe('{}');
  });
});

describe('sfumato convert to a mesh', () => {
  it('writes surfaces as smooth as asked', async () => {
    const folder = temporaryFolder();
    const made: Buffer[] = [];
    for (const smoothing of ['none', 'some']) {
      const out = join(folder, `${smoothing}.glb`);
      const { code, stderr } = await sfumato(['convert', mask, out, '--smoothing', smoothing]);
      expect(code, stderr).toBe(0);
      made.push(readFileSync(out));
    }
    expect(made.map((bytes) => bytes.toString('latin1', 0, 4))).toEqual(['glTF', 'glTF']);
    expect(made[0]!.equals(made[1]!)).toBe(false);
  });
});
