import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RasAffine } from '../../../../ml/volume/affine.ts';
import { gridFromRas } from '../../../../ml/volume/affine.ts';
import { gridDifference, largestDisplacement } from '../../../../ml/volume/difference.ts';
import type { Grid } from '../../../../ml/volume/grid.ts';
import { voxelCount } from '../../../../ml/volume/grid.ts';
import type { Volume, VoxelArray } from '../../../../ml/volume/volume.ts';
import { readNifti, readNiftiHeader } from '../../../../main/imaging/nifti/read.ts';
import { writeNifti } from '../../../../main/imaging/nifti/write.ts';
import { axisDirections, grids, multiply, numbered, rotation } from '../../../ml/volume/grids.ts';
import { runPython } from '../../../support/python.ts';
import { realFiles } from './files.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nifti-write-'));
});
afterAll(() => rm(folder, { recursive: true }));

const straight: Grid = {
  shape: [4, 3, 2],
  spacing: [1, 2, 3],
  unit: 'mm',
  origin: [5, -6, 7],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};

const types: readonly VoxelArray[] = [
  Uint8Array.of(0, 1, 255),
  Int8Array.of(-128, 0, 127),
  Uint16Array.of(0, 1, 65535),
  Int16Array.of(-32768, 0, 32767),
  Uint32Array.of(0, 1, 2 ** 32 - 1),
  Int32Array.of(-(2 ** 31), 0, 2 ** 31 - 1),
  Float32Array.of(-1.5, NaN, Infinity),
  Float64Array.of(-1.1, NaN, -Infinity),
];

/** What the geometry bytes of a NIfTI-1 header say: pixdim, units, codes, quaternion and rows. */
async function geometryBytes(path: string): Promise<string> {
  const { header } = await readNiftiHeader(path);
  return JSON.stringify(header.geometry, (_, value: unknown) => (typeof value === 'number' ? hex(value) : value));
}

function hex(value: number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes.toString('hex');
}

describe('writeNifti', () => {
  it('and readNifti bring back any grid, channels and voxels', async () => {
    await fc.assert(
      fc.asyncProperty(grids(), fc.integer({ min: 1, max: 3 }), fc.boolean(), async (grid, channels, isPacked) => {
        const path = join(folder, isPacked ? 'any.nii.gz' : 'any.nii');
        const volume = numbered(grid, channels);
        await writeNifti(path, volume, { existing: 'replace' });
        const { volume: back, warnings } = await readNifti(path);
        expect(warnings).toEqual([]);
        expect(back.data).toEqual(volume.data);
        expect(back.channels).toBe(channels);
        expect(largestDisplacement(back.grid, grid)).toBeLessThan(1e-3);
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  it.each(types.map((data) => [data.constructor.name, data] as const))(
    'keeps every value of %s',
    async (name, data) => {
      const path = join(folder, `${name}.nii.gz`);
      await writeNifti(path, { grid: { ...straight, shape: [3, 1, 1] }, channels: 1, data });
      expect((await readNifti(path)).volume.data).toEqual(data);
    },
  );

  it('is read by nibabel and ITK at the same places with the same values, in all 48 axis orders, straight and oblique', async () => {
    const paths: { path: string; grid: Grid; sum: number }[] = [];
    for (const [n, axes] of axisDirections.entries()) {
      const direction = n % 2 === 0 ? axes : multiply(rotation(0.3, -0.5, 0.2), axes);
      const grid: Grid = { ...straight, spacing: [0.7, 1.3, 4.1], origin: [-101.5, 33.25, n], direction };
      const volume = numbered(grid);
      const path = join(folder, `axes-${n}.nii.gz`);
      await writeNifti(path, volume);
      // A sum in which every voxel has its own weight, so that no reordering leaves it as it is.
      paths.push({ path, grid, sum: volume.data.reduce((sum, value, at) => sum + value * (at + 1), 0) });
    }
    const script = `
import sys, json, numpy as np, nibabel as nib, SimpleITK as sitk
result = []
for path in json.load(sys.stdin):
    im = nib.load(path); v = np.asanyarray(im.dataobj).ravel(order='F')
    s = sitk.ReadImage(path); w = sitk.GetArrayFromImage(s).ravel()
    d = np.array(s.GetDirection()).reshape(3, 3) * np.array(s.GetSpacing())
    itk = np.diag([-1, -1, 1]) @ np.hstack([d, np.array(s.GetOrigin())[:, None]])
    weight = np.arange(1, v.size + 1)
    forms = [im.get_qform(), im.get_sform(), im.affine]
    result.append(dict(nibabel=[a[:3].ravel().tolist() for a in forms], itk=itk.ravel().tolist(), codes=[int(im.header['qform_code']), int(im.header['sform_code'])],
      units=im.header.get_xyzt_units()[0], sums=[float((v * weight).sum()), float((w * weight).sum())]))
print(json.dumps(result))
`;
    const read = await runPython<
      { nibabel: RasAffine[]; itk: RasAffine; codes: number[]; units: string; sums: number[] }[]
    >(script, [], { input: JSON.stringify(paths.map(({ path }) => path)) });
    read.forEach(({ nibabel, itk, codes, units, sums }, n) => {
      const { grid, sum } = paths[n] ?? { grid: straight, sum: NaN };
      for (const affine of [...nibabel, itk]) {
        const theirs = gridFromRas(affine, grid.shape)?.grid;
        expect(theirs && largestDisplacement(grid, theirs)).toBeLessThan(1e-4);
      }
      expect([codes, units, sums]).toEqual([[1, 1], 'mm', [sum, sum]]);
    });
  });

  it('gives a mask exactly the header geometry of the image it belongs to, whatever that was', async () => {
    for (const [n, path] of realFiles().entries()) {
      const facts = await readNiftiHeader(path).catch(() => undefined);
      if (facts === undefined) continue;
      const { grid } = facts.placement;
      if (voxelCount(grid) > 500_000) continue;
      const out = join(folder, `mask-${n}.nii`);
      const mask: Volume = { grid, channels: 1, data: new Uint8Array(voxelCount(grid)) };
      await writeNifti(out, mask, { geometry: facts.header.geometry });
      expect(await geometryBytes(out), path).toBe(await geometryBytes(path));
      expect((await readNiftiHeader(out)).placement.grid).toEqual(grid);
    }
  });

  it('keeps a sheared matrix for what belongs to the image, though our grid is its nearest without shear', async () => {
    const sheared = join(folder, 'sheared.nii');
    await writeNifti(sheared, numbered({ ...straight, shape: [4, 5, 20] }));
    const bytes = await readFile(sheared);
    bytes.writeFloatLE(0.8, 280 + 4 * 6); // srow_y[2]
    await writeFile(sheared, bytes);
    const image = await readNifti(sheared);
    expect(image.warnings.join(' ')).toMatch(/not at right angles.*moves voxels by up to/);
    const out = join(folder, 'sheared-mask.nii.gz');
    await writeNifti(out, image.volume, { geometry: image.header.geometry });
    expect(await geometryBytes(out)).toBe(await geometryBytes(sheared));
    const affine = await runPython<number[]>(
      'import sys, json, nibabel; print(json.dumps(nibabel.load(sys.argv[1]).affine[1].tolist()))',
      [out],
    );
    expect(affine[2]).toBeCloseTo(0.8, 6);
  });

  it('writes NIfTI-2 where an axis is too long for NIfTI-1, and nibabel reads it', async () => {
    const path = join(folder, 'long.nii.gz');
    const grid: Grid = { ...straight, shape: [40000, 1, 1] };
    await writeNifti(path, { grid, channels: 1, data: Int16Array.from({ length: 40000 }, (_, n) => n - 20000) });
    const back = await readNifti(path);
    expect(back.header.version).toBe(2);
    expect(gridDifference(back.volume.grid, grid)).toBeUndefined();
    const shape = await runPython<number[]>(
      'import sys, json, nibabel as n; i = n.load(sys.argv[1]); print(json.dumps([*i.shape, int(i.dataobj[39999, 0, 0])]))',
      [path],
    );
    expect(shape).toEqual([40000, 1, 1, 19999]);
  });

  it('gives the same bytes every time, a description that fits, and no scaling', async () => {
    const volume = numbered(straight);
    const description = 'ä'.repeat(100);
    await writeNifti(join(folder, 'first.nii.gz'), volume, { description });
    await writeNifti(join(folder, 'second.nii.gz'), volume, { description });
    expect(await readFile(join(folder, 'first.nii.gz'))).toEqual(await readFile(join(folder, 'second.nii.gz')));
    const { header } = await readNifti(join(folder, 'first.nii.gz'));
    expect(header.description.length).toBeLessThanOrEqual(79);
    expect(header.rescale).toBeUndefined();
  });

  it('refuses another extension, an existing file, and a geometry that is not the volume’s', async () => {
    const volume = numbered(straight);
    await expect(writeNifti(join(folder, 'a.png'), volume)).rejects.toMatchObject({ kind: 'usage' });
    await writeNifti(join(folder, 'a.nii'), volume);
    await expect(writeNifti(join(folder, 'a.nii'), volume)).rejects.toMatchObject({ kind: 'data' });
    const { header } = await readNifti(join(folder, 'a.nii'));
    const moved = { ...volume, grid: { ...straight, origin: [50, 0, 0] as const } };
    await expect(writeNifti(join(folder, 'b.nii'), moved, { geometry: header.geometry })).rejects.toThrow(/invariant/);
    expect((await readdir(folder)).filter((name) => name.includes('partial'))).toEqual([]);
  });
});
