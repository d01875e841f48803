import { readFileSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DiskCases } from '../../../main/datasets/diskCases.ts';
import { loadCase } from '../../../main/datasets/loadCase.ts';
import { openDataset } from '../../../main/datasets/openDataset.ts';
import { Problem } from '../../../ml/check/problem.ts';
import { preprocessImage, preprocessLabel } from '../../../ml/data/preprocess.ts';
import type { Vector3 } from '../../../ml/volume/grid.ts';
import { bytesOf, readBox } from '../../ml/data/arrayCases.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { hippocampus } from './folders.ts';
import { preparation, prepareHippocampi } from './preparedHippocampus.ts';

const MIB = 2 ** 20;
const vectors = (min: number, max: number) =>
  fc.tuple(...([0, 1, 2] as const).map(() => fc.integer({ min, max }))) as unknown as fc.Arbitrary<
    [number, number, number]
  >;

describe('DiskCases', () => {
  it('reads any box of a prepared case, in memory or in pieces from the disk, with 0 outside', async () => {
    const folder = temporaryFolder();
    const [first] = await prepareHippocampi(folder, 1);
    const { image, label } = await loadCase(await openDataset(hippocampus), first!);
    const prepared = preprocessImage(image, preparation);
    const [i, j, k] = prepared.grid.shape;
    const whole = {
      shape: [k, j, i] as Vector3,
      image: prepared.data,
      label: preprocessLabel(label, preparation).data,
    };
    for (const memory of [64 * MIB, 1]) {
      const cases = new DiskCases(folder, memory);
      expect(cases.shape(0)).toEqual(whole.shape);
      fc.assert(
        fc.property(vectors(-10, 60), vectors(1, 50), (start, size) => {
          const isSame = bytesOf(cases.read(0, { start, size })) === bytesOf(readBox(whole, { start, size }));
          expect(isSame).toBe(true);
        }),
        { numRuns: 20 },
      );
    }
  });

  it('knows voxels of each structure', async () => {
    const folder = temporaryFolder();
    await prepareHippocampi(folder, 2);
    const cases = new DiskCases(folder, MIB);
    for (const index of [0, 1]) {
      const shape = cases.shape(index);
      const { label } = cases.read(index, { start: [0, 0, 0], size: shape });
      cases.locations(index).forEach((places, value) => {
        expect(places.length).toBe(value === 0 ? 0 : label.reduce((count, own) => count + Number(own === value), 0));
        for (const place of places) expect(label[place]).toBe(value);
      });
    }
  });

  it.each([
    [
      'no index',
      (folder: string) => {
        rmSync(join(folder, 'index.json'));
      },
      /no such file/,
    ],
    [
      'a broken index',
      (folder: string) => {
        writeFileSync(join(folder, 'index.json'), '{');
      },
      /no index of prepared images/,
    ],
    [
      'an index of another kind',
      (folder: string) => {
        writeFileSync(join(folder, 'index.json'), '{}');
      },
      /no index/,
    ],
    [
      'a file cut off',
      (folder: string) => {
        cut(folder, '.float32');
      },
      /cut off .*float32.*prepare the images again/,
    ],
    [
      'a file missing',
      (folder: string) => {
        rmSync(join(folder, fileOf(folder, '.uint8')));
      },
      /no such file.*uint8/,
    ],
  ])('refuses %s', async (_, damage, text) => {
    const folder = temporaryFolder();
    const [first] = await prepareHippocampi(folder, 1);
    damage(folder);
    const read = () => {
      const cases = new DiskCases(folder, MIB);
      return cases.read(cases.find(first!.id), { start: [0, 0, 0], size: cases.shape(0) });
    };
    expect(read).toThrow(text);
    expect(read).toThrow(Problem);
  });

  it('refuses a case that was not prepared', async () => {
    const folder = temporaryFolder();
    await prepareHippocampi(folder, 1);
    expect(() => new DiskCases(folder, MIB).find('other')).toThrow(/other was not prepared/);
  });
});

describe('prepareCache', () => {
  it('keeps what is there, and prepares again what another plan needs, removing what it does not', async () => {
    const folder = temporaryFolder();
    await prepareHippocampi(folder, 2);
    const times = () =>
      Object.fromEntries(readdirSync(folder).map((file) => [file, statSync(join(folder, file)).mtimeMs]));
    const before = times();
    await prepareHippocampi(folder, 3);
    const after = times();
    for (const file of Object.keys(before)) if (file !== 'index.json') expect(after[file]).toBe(before[file]);
    expect(Object.keys(after)).toHaveLength(10);
    await prepareHippocampi(folder, 1, { ...preparation, spacing: [2, 2, 2] });
    expect(Object.keys(times())).toHaveLength(4);
    expect(Object.keys(times()).filter((file) => file in before)).toEqual(['index.json']);
  });

  it('leaves nothing half-written when it is cancelled, and goes on from there', async () => {
    const folder = temporaryFolder();
    const controller = new AbortController();
    const reason = new Problem('cancelled', 'stopped', 'here', 'Go on.');
    setTimeout(() => {
      controller.abort(reason);
    }, 60);
    await expect(prepareHippocampi(folder, 12, preparation, controller.signal)).rejects.toBe(reason);
    expect(readdirSync(folder).filter((file) => file.includes('partial'))).toEqual([]);
    const cases = await prepareHippocampi(folder, 12);
    const source = new DiskCases(folder, MIB);
    for (const { id } of cases) expect(source.shape(source.find(id))).toHaveLength(3);
  });

  it('does not write names of people or paths of the data', async () => {
    const folder = temporaryFolder();
    await prepareHippocampi(folder, 2);
    expect(readFileSync(join(folder, 'index.json'), 'utf8')).not.toMatch(/person|labelsTr|tests/);
  });
});

const fileOf = (folder: string, end: string) => readdirSync(folder).find((file) => file.endsWith(end))!;

function cut(folder: string, end: string): void {
  truncateSync(join(folder, fileOf(folder, end)), 100);
}
