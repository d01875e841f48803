import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Problem } from '../../../../ml/check/problem.ts';
import type { Grid } from '../../../../ml/volume/grid.ts';
import { readNifti, readNiftiHeader } from '../../../../main/imaging/nifti/read.ts';
import { writeNifti } from '../../../../main/imaging/nifti/write.ts';
import { numbered } from '../../../ml/volume/grids.ts';

const grid: Grid = {
  shape: [5, 4, 3],
  spacing: [1, 2, 3],
  unit: 'mm',
  origin: [5, -6, 7],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};
let folder: string;
let good: Buffer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nifti-faults-'));
  await writeNifti(join(folder, 'good.nii'), numbered(grid));
  good = await readFile(join(folder, 'good.nii'));
});
afterAll(() => rm(folder, { recursive: true }));

let count = 0;
/** A file of the good one's bytes after `change`. */
async function changed(change: (bytes: Buffer) => Buffer | undefined, extension = '.nii'): Promise<string> {
  const bytes = Buffer.from(good);
  const path = join(folder, `${count++}${extension}`);
  await writeFile(path, change(bytes) ?? bytes);
  return path;
}
const fields =
  (...values: readonly [at: number, 'int16' | 'int32' | 'float', number][]) =>
  (bytes: Buffer) => {
    for (const [at, type, value] of values) {
      if (type === 'int16') bytes.writeInt16LE(value, at);
      else if (type === 'int32') bytes.writeInt32LE(value, at);
      else bytes.writeFloatLE(value, at);
    }
    return undefined;
  };
const [dim0, dim1, dim2, dim3] = [40, 42, 44, 46];
const [datatype, pixdim1, offset, slope, intercept, qcode, scode, srowX] = [70, 80, 108, 112, 116, 252, 254, 280];

describe('a broken NIfTI is refused with a reason', () => {
  it.each<[string, (bytes: Buffer) => Buffer | undefined, RegExp]>([
    ['nothing but a beginning', (b) => b.subarray(0, 100), /header is cut off after 100 bytes/],
    [
      'a header without voxels',
      (b) => b.subarray(0, 352),
      /cut off: 5 x 4 x 3 voxels of float32 need 592 bytes, and it has 352/,
    ],
    ['the last byte missing', (b) => b.subarray(0, -1), /need 592 bytes, and it has 591/],
    ['text', () => Buffer.from('not an image'.repeat(100)), /not a NIfTI file/],
    ['no magic, in a single file', fields([344, 'int32', 0]), /neither a NIfTI file nor/],
    ['no dimensions', fields([dim0, 'int16', 0]), /dim\[0\] = 0/],
    ['eight dimensions', fields([dim0, 'int16', 8]), /dim\[0\] = 8/],
    ['a dimension of zero', fields([dim2, 'int16', 0]), /dim = \[5, 0, 3\] leaves no voxels/],
    ['a negative dimension', fields([dim3, 'int16', -3]), /leaves no voxels/],
    [
      'more voxels than the file has',
      fields([dim1, 'int16', 32767], [dim2, 'int16', 32767], [dim3, 'int16', 32767]),
      /cut off/,
    ],
    ['complex voxels', fields([datatype, 'int16', 32], [dim3, 'int16', 1]), /complex64/],
    ['voxels of 16 bytes', fields([datatype, 'int16', 1536], [dim2, 'int16', 1], [dim3, 'int16', 1]), /float128/],
    ['a type that does not exist', fields([datatype, 'int16', 3]), /datatype = 3/],
    ['voxels inside the header', fields([offset, 'float', 100]), /vox_offset = 100/],
    ['voxels nowhere', fields([offset, 'float', NaN]), /vox_offset = NaN/],
  ])('%s', async (_, change, reason) => {
    const path = await changed(change);
    const error: unknown = await readNifti(path).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(Problem);
    expect(error).toMatchObject({ kind: 'data', where: path });
    expect((error as Problem).what).toMatch(reason);
  });

  it('64-bit integers beyond what we can hold', async () => {
    const path = await changed((bytes) => {
      fields([datatype, 'int16', 1024], [dim1, 'int16', 1], [dim2, 'int16', 1])(bytes);
      bytes.writeBigInt64LE(2n ** 60n, 352);
      return undefined;
    });
    await expect(readNifti(path)).rejects.toMatchObject({
      kind: 'data',
      what: 'the 64-bit integer 1152921504606846976 is too large',
    });
  });

  it('a compressed file that claims more than it can hold, before making room for it', async () => {
    const path = await changed((bytes) => {
      fields([dim1, 'int16', 32767], [dim2, 'int16', 32767], [dim3, 'int16', 32767])(bytes);
      return gzipSync(bytes);
    }, '.nii.gz');
    await expect(readNiftiHeader(path)).rejects.toMatchObject({ kind: 'data' });
  });

  it('a compressed file that ends too soon', async () => {
    const short = await changed((bytes) => gzipSync(bytes.subarray(0, 500)), '.nii.gz');
    await expect(readNifti(short)).rejects.toThrow(/cut off/);
    const cut = await changed((bytes) => gzipSync(bytes).subarray(0, -9), '.nii.gz');
    await expect(readNifti(cut)).rejects.toThrow(/compressed data is cut off/);
  });

  it('a folder, a file that is not there, and half of a pair, named', async () => {
    await mkdir(join(folder, 'folder.nii'));
    await expect(readNifti(join(folder, 'folder.nii'))).rejects.toThrow(/this is a folder.*folder\.nii/);
    await expect(readNifti(join(folder, 'none.nii'))).rejects.toThrow(/no such file.*none\.nii/);
    await writeFile(join(folder, 'half.img'), new Uint8Array(240));
    await expect(readNifti(join(folder, 'half.img'))).rejects.toThrow(/half\.hdr, is missing/);
  });

  it('never anything but a Problem or an image, whatever bytes of the header are changed', async () => {
    const edits = fc.array(fc.tuple(fc.nat(355), fc.nat(255)), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(edits, async (changes) => {
        const path = join(folder, 'fuzzed.nii');
        const bytes = Buffer.from(good);
        for (const [at, value] of changes) bytes[at] = value;
        await writeFile(path, bytes);
        const result: unknown = await readNifti(path).catch((error: unknown) => error);
        expect(result instanceof Error ? result.name : 'image').toMatch(/^(Problem|image)$/);
      }),
      { numRuns: 300 },
    );
  });
});

describe('an odd NIfTI is read with a warning', () => {
  it.each<[string, (bytes: Buffer) => Buffer | undefined, RegExp]>([
    ['no place for the voxels', fields([offset, 'float', 0]), /does not say where the voxels begin/],
    [
      'a scaling that is no number',
      fields([slope, 'float', 2], [intercept, 'float', NaN]),
      /scaling .* makes no sense/,
    ],
    ['a singular sform', fields([srowX, 'float', 0]), /sform matrix is singular/],
    ['forms that disagree', fields([srowX + 12, 'float', 50]), /disagree by up to 55\.0 mm/],
    [
      'no voxel sides and no forms',
      fields([pixdim1, 'float', 0], [qcode, 'int16', 0], [scode, 'int16', 0]),
      /counted in voxels/,
    ],
  ])('%s', async (_, change, warning) => {
    const { warnings, volume } = await readNifti(await changed(change));
    expect(warnings.join(' ')).toMatch(warning);
    expect(volume.data).toEqual(numbered(grid).data);
  });

  it('metres and micrometres become millimetres', async () => {
    for (const [code, factor] of [
      [1, 1000],
      [3, 0.001],
    ] as const) {
      const path = await changed((bytes) => void bytes.writeUInt8(code, 123));
      const { spacing, origin } = (await readNifti(path)).volume.grid;
      [...spacing, ...origin].forEach((value, n) => {
        expect(value).toBeCloseTo(([...grid.spacing, ...grid.origin][n] ?? NaN) * factor, 6);
      });
    }
  });

  it('scaling makes real values of stored ones', async () => {
    const path = await changed(fields([slope, 'float', 2], [intercept, 'float', -3]));
    expect((await readNifti(path)).volume.data).toEqual(numbered(grid).data.map((value) => value * 2 - 3));
  });
});
