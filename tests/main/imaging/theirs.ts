import type { RasAffine } from '../../../ml/volume/affine.ts';
import { gridFromRas } from '../../../ml/volume/affine.ts';
import { largestDisplacement } from '../../../ml/volume/difference.ts';
import type { Image } from '../../../main/imaging/reader.ts';

/** What another program makes of a file. */
export interface Theirs {
  readonly error?: string;
  /** Of space, i fastest. */
  readonly shape: readonly number[];
  readonly components: number;
  readonly affine: RasAffine;
  /** Sum of values, each times its place in ours' order, from 1. */
  readonly sum: number;
}

/** Python that defines `itk(path)` and `pynrrd(path)`, each giving a `Theirs`. */
export const theirReaders = `
import sys, json, numpy as np, SimpleITK as sitk, nrrd
sitk.ProcessObject.SetGlobalWarningDisplay(False)
def weighted(v):
    v = np.asarray(v, np.float64).ravel()
    return float((v * np.arange(1, v.size + 1)).sum())
def itk(path):
    im = sitk.ReadImage(path)
    d = im.GetDimension(); n = min(d, 3)
    direction = np.eye(3); direction[:n,:n] = np.array(im.GetDirection()).reshape(d, d)[:n,:n]
    spacing = np.ones(3); spacing[:n] = im.GetSpacing()[:n]
    origin = np.zeros(3); origin[:n] = im.GetOrigin()[:n]
    affine = np.diag([-1, -1, 1]) @ np.hstack([direction * spacing, origin[:, None]])
    voxels = sitk.GetArrayFromImage(im)
    c = im.GetNumberOfComponentsPerPixel()
    if c > 1: voxels = np.moveaxis(voxels, -1, -1 - n)
    return dict(shape=list(im.GetSize()[:3]), components=c, affine=affine.ravel().tolist(), sum=weighted(voxels))
def pynrrd(path):
    v, h = nrrd.read(path, index_order='F')
    d = h['space directions'] if 'space directions' in h else np.diag(np.ones(v.ndim) if 'spacings' not in h else h['spacings'])
    d = [None if np.isnan(np.asarray(row, float)).any() or not np.any(row[:3]) else row[:3] for row in d]
    space = [n for n in range(v.ndim) if d[n] is not None]
    rest = [n for n in range(v.ndim) if n not in space]
    # Ours: frames, components, then voxels, i fastest.
    values = np.transpose(v, rest[::-1] + space[::-1])
    affine = np.hstack([np.array([d[n] for n in space], float).T, np.array(h['space origin'], float)[:3, None]])
    sign = {'left-posterior-superior': [-1, -1, 1], 'right-anterior-superior': [1, 1, 1], 'left-anterior-superior': [-1, 1, 1]}[h['space'].replace('-time', '')]
    return dict(shape=[v.shape[n] for n in space], components=int(np.prod([v.shape[n] for n in rest])), affine=(np.diag(sign) @ affine).ravel().tolist(), sum=weighted(values))
def attempt(read, path):
    try: return read(path)
    except Exception as error: return dict(error=str(error).strip().splitlines()[-1][:100])
`;

export const weightedSum = ({ volume }: Image) =>
  (volume.data as Float64Array).reduce((sum, value, n) => sum + value * (n + 1), 0);

/** How theirs differs from ours, in words, or `the same`. */
export function compare({ volume }: Image, theirs: Theirs, ours: number): string {
  if (theirs.error !== undefined) return theirs.error;
  const { grid } = volume;
  if (grid.shape.join() !== theirs.shape.concat(theirs.shape.length === 2 ? [1] : []).join())
    return `shape ${grid.shape.join(' x ')} and ${theirs.shape.join(' x ')}`;
  if (Math.abs(theirs.sum - ours) > 1e-9 * Math.abs(ours)) return `voxels ${ours} and ${theirs.sum}`;
  const other = gridFromRas(theirs.affine, grid.shape);
  const apart = other === undefined ? NaN : largestDisplacement({ ...grid, unit: 'mm' }, other.grid);
  return apart < 1e-3 ? 'the same' : `${apart.toPrecision(3)} mm apart`;
}
