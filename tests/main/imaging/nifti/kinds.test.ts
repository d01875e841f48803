import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gridFromRas, type RasAffine } from '../../../../ml/volume/affine.ts';
import { gridDifference } from '../../../../ml/volume/difference.ts';
import { describeImages, readImage } from '../../../../main/imaging/image.ts';
import { readNifti } from '../../../../main/imaging/nifti/read.ts';
import { writeNifti } from '../../../../main/imaging/nifti/write.ts';
import { runPython } from '../../../support/python.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import { imageOn, straight } from '../sampleImage.ts';

describe('ANALYZE 7.5', () => {
  it('is read as nibabel reads it, of either byte order, with a warning about handedness', async () => {
    const folder = temporaryFolder();
    const theirs = await runPython<{ path: string; affine: RasAffine; values: number[] }[]>(
      `
import sys, os, json, numpy as np, nibabel as nib
made = []
for order in '<>':
    for dtype in [np.uint8, np.int16, np.int32, np.float32, np.float64]:
        v = np.arange(60).reshape(5, 4, 3).astype(dtype)
        header = nib.AnalyzeHeader(endianness=order); header.set_data_dtype(dtype); header.set_data_shape(v.shape); header.set_zooms((1, 2, 3))
        path = os.path.join(sys.argv[1], f'{len(made)}.hdr')
        nib.AnalyzeImage(v, None, header).to_filename(path)
        im = nib.AnalyzeImage.from_filename(path)
        made.append(dict(path=path, affine=im.affine[:3].ravel().tolist(), values=v.ravel(order='F').tolist()))
print(json.dumps(made))`,
      [folder],
    );
    for (const { path, affine, values } of theirs) {
      for (const name of [path, path.replace('.hdr', '.img')]) {
        const { volume, format, geometry, warnings } = await readImage(name);
        expect([...volume.data], name).toEqual(values);
        expect(gridDifference(volume.grid, gridFromRas(affine, [5, 4, 3])!.grid), name).toBeUndefined();
        expect([format, geometry], name).toEqual(['analyze', undefined]);
        expect(warnings.join(), name).toMatch(/left from right.*may be wrong/);
      }
    }
  });
});

describe('a NIfTI', () => {
  it('of colours or vectors, of one frame or several, reads in other programs as it was written', async () => {
    const folder = temporaryFolder();
    const cases = [
      [3, 1, 'uint8'],
      [4, 2, 'uint8'],
      [3, 1, 'float32'],
      [2, 3, 'int16'],
    ] as const;
    for (const [components, frames, type] of cases) {
      const { volume } = imageOn(straight, type, components, frames);
      const path = join(folder, `${components}-${frames}-${type}.nii.gz`);
      await writeNifti(path, volume, { components });
      const back = await readNifti(path);
      expect([back.components, back.frames]).toEqual([components, frames]);
      expect(back.volume.data).toEqual(volume.data);
      const values = await runPython<number[]>(
        `
import sys, json, numpy as np, nibabel as nib
v = np.asanyarray(nib.load(sys.argv[1]).dataobj)
if v.dtype.names: v = np.stack([v[name] for name in v.dtype.names], -1); v = v.reshape(5, 4, 3, -1, v.shape[-1])
else: v = v.reshape(5, 4, 3, v.shape[3], -1)
print(json.dumps(np.transpose(v, (3, 4, 2, 1, 0)).ravel().tolist()))`,
        [path],
      );
      expect(Float64Array.from(values)).toEqual(Float64Array.from(volume.data));
    }
  });

  it('of complex or 128-bit numbers is described, and refused with a reason when it is to be read', async () => {
    const path = join(temporaryFolder(), 'a.nii');
    await writeNifti(path, imageOn({ ...straight, shape: [4, 4, 4] }, 'float64').volume);
    const good = await readFile(path);
    for (const [code, name] of [
      [32, 'complex64'],
      [1536, 'float128'],
      [1792, 'complex128'],
    ] as const) {
      const bytes = Buffer.concat([good, good, good]);
      bytes.writeInt16LE(code, 70);
      await writeFile(path, bytes);
      expect((await describeImages(path))[0]?.dataType).toBe(name);
      await expect(readImage(path)).rejects.toThrow(new RegExp(`voxels of type ${name} are not supported`));
    }
  });

  it('that is CIFTI is refused by that name', async () => {
    const path = join(temporaryFolder(), 'a.dconn.nii');
    await runPython(
      `
import sys, json, numpy as np, nibabel as nib
axes = [nib.cifti2.ScalarAxis(['a', 'b']), nib.cifti2.BrainModelAxis.from_mask(np.ones((2, 2, 2)), affine=np.eye(4), name='thalamus_left')]
nib.Cifti2Image(np.zeros((2, 8), np.float32), axes).to_filename(sys.argv[1])
print(json.dumps(1))`,
      [path],
    );
    await expect(readImage(path)).rejects.toThrow(/a CIFTI file.*points of surfaces/);
  });
});
