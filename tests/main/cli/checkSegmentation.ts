import { runPython } from '../../support/python.ts';

const script = `
import json, sys
import nibabel, numpy as np, SimpleITK as sitk
scan, folder, values = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
def load(name): return nibabel.load(f'{folder}/{name}.nii.gz')
image, mask, probability, entropy, samples = nibabel.load(scan), *map(load, ['mask', 'probability', 'entropy', 'samples'])
same = lambda a: bool((a.affine == image.affine).all() and (a.get_sform() == image.get_sform()).all()
    and (a.get_qform() == image.get_qform()).all() and a.shape[:3] == image.shape)
def places(path):
    read = sitk.ReadImage(path)
    return [read.GetSize()[:3], read.GetSpacing()[:3], read.GetOrigin()[:3]] + ([read.GetDirection()] if read.GetDimension() == 3 else [])
p = probability.get_fdata(dtype=np.float64)
labels = np.asarray(mask.dataobj)
with np.errstate(divide='ignore', invalid='ignore'):
    bits = -np.where(p > 0, p * np.log2(p), 0).sum(-1)
print(json.dumps({
    'grids': [same(a) for a in (mask, probability, entropy, samples)],
    'simpleitk': places(f'{folder}/mask.nii.gz') == places(scan),
    'types': [str(a.get_data_dtype()) for a in (mask, probability, entropy, samples)],
    'classes': p.shape[3], 'samples': samples.shape[3],
    'sums': float(np.abs(p.sum(-1) - 1).max()),
    'argmax': bool((labels == np.array(values)[p.argmax(-1)]).all()),
    'entropy': float(np.abs(bits - entropy.get_fdata()).max()),
    'sampleValues': sorted(set(np.unique(samples.dataobj).tolist())),
    'voxels': [int((labels == v).sum()) for v in values[1:]],
    'sampleVoxels': [[int((np.asarray(samples.dataobj)[..., n] == v).sum()) for n in range(samples.shape[3])] for v in values[1:]],
    'bits': [float(entropy.get_fdata()[labels == v].mean()) for v in values[1:]],
}))`;

export interface Checked {
  readonly sums: number;
  readonly entropy: number;
  readonly voxels: readonly number[];
  readonly sampleVoxels: readonly (readonly number[])[];
  readonly bits: readonly number[];
}

/**
 * Holds what `segment` wrote against the image and against itself, read by nibabel and SimpleITK.
 *
 * @param values Of the labels, background first.
 */
export const checkSegmentation = (scan: string, folder: string, values: readonly number[]): Promise<Checked> =>
  runPython<Checked>(script, [scan, folder, JSON.stringify(values)]);
