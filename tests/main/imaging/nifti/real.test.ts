import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Problem } from '../../../../ml/check/problem.ts';
import { gridFromRas } from '../../../../ml/volume/affine.ts';
import type { RasAffine } from '../../../../ml/volume/affine.ts';
import { gridDifference } from '../../../../ml/volume/difference.ts';
import type { Grid } from '../../../../ml/volume/grid.ts';
import { orientationCode } from '../../../../ml/volume/orientation.ts';
import type { NiftiImage } from '../../../../main/imaging/nifti/read.ts';
import { readNifti } from '../../../../main/imaging/nifti/read.ts';
import { runPython } from '../../../support/python.ts';
import { realFiles, testData } from './files.ts';

/** What another program makes of a file: its error, or its geometry and how far its voxels are from ours. */
interface Theirs {
  readonly error?: string;
  readonly shape: readonly number[];
  readonly affine: RasAffine;
  /** Largest difference of a voxel, relative to the largest voxel; -1 where shapes or holes differ. */
  readonly worst: number;
}

const script = `
import sys, json, numpy as np, nibabel as nib, SimpleITK as sitk
sitk.ProcessObject.SetGlobalWarningDisplay(False)
def worst(theirs, job):
    ours = np.fromfile(job['raw'], job['type']).astype(np.float64)
    theirs = theirs.astype(np.float64)
    if ours.shape != theirs.shape or (np.isfinite(ours) != np.isfinite(theirs)).any(): return -1
    same = np.isfinite(ours)
    if not (ours[~same].astype(str) == theirs[~same].astype(str)).all(): return -1
    return float(np.abs(ours - theirs)[same].max() / max(1, np.abs(theirs[same]).max())) if same.any() else 0
def nibabel(job):
    im = nib.load(job['path'])
    values = np.asanyarray(im.dataobj)
    if values.dtype.names: values = values.reshape(*values.shape, 1).view(np.uint8)[:, :, :, None, :]
    while values.ndim < 4: values = values[..., None]
    # Ours: frames, components, then voxels.
    values = values.reshape(*values.shape[:4], -1, order='F').transpose(3, 4, 2, 1, 0)
    return dict(shape=list(im.shape), affine=[float(x) for x in im.affine[:3].ravel()], worst=worst(values.ravel(), job))
def itk(job):
    im = sitk.ReadImage(job['path'])
    d = im.GetDimension(); n = min(d, 3)
    direction = np.eye(3); direction[:n,:n] = np.array(im.GetDirection()).reshape(d, d)[:n,:n]
    spacing = np.ones(3); spacing[:n] = im.GetSpacing()[:n]
    origin = np.zeros(3); origin[:n] = im.GetOrigin()[:n]
    voxels = sitk.GetArrayFromImage(im)
    if im.GetNumberOfComponentsPerPixel() > 1: voxels = np.moveaxis(voxels, -1, -1 - n)
    affine = np.diag([-1, -1, 1]) @ np.hstack([direction * spacing, origin[:, None]])
    return dict(shape=list(im.GetSize()), affine=[float(x) for x in affine.ravel()], worst=worst(voxels.ravel(), job))
def attempt(read, job):
    try: return read(job)
    except Exception as error: return dict(error=str(error).strip().splitlines()[-1][:100])
print(json.dumps([dict(nibabel=attempt(nibabel, job), itk=attempt(itk, job)) for job in json.load(sys.stdin)]))
`;

/** Files whose geometry the three programs read differently, and why that is right. */
const oddGeometry: Readonly<Record<string, string>> = {
  'no-orientation.nii.gz': 'no form: nifti1.h (ours) R A S from 0, nibabel L A S about the centre, ITK L P S from 0',
  'minimal.nii.gz': 'no form, as above',
};

interface Compared {
  readonly path: string;
  readonly ours: NiftiImage | Problem;
  readonly nibabel?: Theirs;
  readonly itk?: Theirs;
}

const compared: Compared[] = [];
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nifti-real-'));
  const jobs: { path: string; raw: string; type: string }[] = [];
  const read: { path: string; ours: NiftiImage }[] = [];
  for (const [n, path] of realFiles().entries()) {
    const ours = await readNifti(path).catch((error: unknown) => error);
    if (ours instanceof Problem) compared.push({ path, ours });
    else if (ours instanceof Error) throw ours;
    else {
      const image = ours as NiftiImage;
      const raw = join(folder, `${n}.raw`);
      const { data } = image.volume;
      await writeFile(raw, data);
      // Files named .gz that are not gzip stop both other programs: they get a copy under the right name.
      const isMisnamed = image.warnings.some((warning) => warning.includes('not compressed'));
      const theirPath = isMisnamed ? join(folder, `${n}.nii`) : path;
      if (isMisnamed) await copyFile(path, theirPath);
      jobs.push({ path: theirPath, raw, type: data.constructor.name.replace('Array', '').toLowerCase() });
      read.push({ path, ours: image });
    }
  }
  const theirs = await runPython<{ nibabel: Theirs; itk: Theirs }[]>(script, [], { input: JSON.stringify(jobs) });
  read.forEach((image, n) => compared.push({ ...image, ...theirs[n] }));
}, 300_000);
afterAll(() => rm(folder, { recursive: true }));

const name = (path: string) => relative(join(testData, '../../..'), path);
const shapeOf = ({ header }: NiftiImage) => header.dimensions.join(' ');
const good = () => compared.flatMap((row) => (row.ours instanceof Problem ? [] : [{ ...row, ours: row.ours }]));
const isOdd = (path: string) => Object.keys(oddGeometry).some((odd) => path.endsWith(odd));

function differs(grid: Grid, { affine }: Theirs): string | undefined {
  const fitted = gridFromRas(affine, grid.shape);
  return fitted ? gridDifference(grid, fitted.grid) : 'their affine is singular';
}

describe('real NIfTI files', () => {
  it('have the shape and the voxels that nibabel reads', () => {
    for (const { path, ours, nibabel } of good()) {
      expect(nibabel?.error, path).toBeUndefined();
      expect(shapeOf(ours), path).toBe(nibabel?.shape.join(' '));
      expect(nibabel?.worst, path).toBeGreaterThanOrEqual(0);
      expect(nibabel?.worst, path).toBeLessThan(1e-6);
    }
    expect(good().length).toBeGreaterThan(20);
  });

  it('have the voxels that ITK reads, where ITK reads them', () => {
    for (const { path, ours, itk } of good()) {
      // nifti_clib, which ITK reads with, makes 0 of every number that is not finite; nibabel and we leave them.
      if (itk?.error !== undefined || !ours.volume.data.every(Number.isFinite)) continue;
      expect(itk?.worst, path).toBeGreaterThanOrEqual(0);
      expect(itk?.worst, path).toBeLessThan(1e-6);
    }
  });

  it('lie where nibabel and ITK put them', () => {
    for (const { path, ours, nibabel, itk } of good()) {
      if (isOdd(path) || !nibabel || !itk) continue;
      const { grid } = ours.volume;
      expect(differs(grid, nibabel), `${path} nibabel`).toBeUndefined();
      if (itk.error === undefined && itk.shape.length >= 3) expect(differs(grid, itk), `${path} ITK`).toBeUndefined();
    }
  });

  it('in the folder of axis orders have the order of their name', () => {
    const named = good().filter(({ path }) => /orientations\/[A-Z]{3}\.nii\.gz$/.test(path));
    expect(named.length).toBeGreaterThanOrEqual(3);
    for (const { path, ours } of named) expect(orientationCode(ours.volume.grid), path).toBe(path.slice(-10, -7));
  });

  it('that are odd are read with a warning or refused with a reason', () => {
    const rows = compared.flatMap(({ path, ours, nibabel, itk }) => {
      if (ours instanceof Problem) return [`${name(path)}\n    ours    ${ours.what}`];
      if (ours.warnings.length === 0 && !path.includes('nifti-edge')) return [];
      const theirs = (label: string, other: Theirs | undefined) =>
        `    ${label} ${other?.error ?? differs(ours.volume.grid, other ?? { shape: [], affine: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], worst: 0 }) ?? 'the same'}`;
      return [
        `${name(path)}\n    ours    ${ours.warnings.join(' ') || 'no warning'}\n${theirs('nibabel', nibabel)}\n${theirs('ITK    ', itk)}`,
      ];
    });
    process.stdout.write(`${rows.join('\n')}\n`);
    const refused = compared.filter(({ ours }) => ours instanceof Problem).map(({ path }) => path);
    const expected = /truncated|zero-bytes|complex_image|nifti2\.hdr/;
    expect(refused.filter((path) => !expected.test(path))).toEqual([]);
    for (const odd of Object.keys(oddGeometry)) {
      const row = good().find(({ path }) => path.endsWith(odd));
      expect(row?.ours.placement.form, odd).toBe('pixdim');
      expect(row?.ours.warnings.join(' '), odd).toMatch(/no orientation/);
    }
  });
});
