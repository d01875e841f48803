import { runPython } from '../../../support/python.ts';

/** Reads a source by highdicom, SimpleITK or nibabel and the built files by nibabel; compares places, in LPS millimetres. */
const script = `
import json, sys, os
import numpy as np, nibabel, SimpleITK as sitk, pydicom, highdicom
LPS = np.diag([-1, -1, 1, 1.])
def points(mask, affine):
    idx = np.argwhere(mask)
    return np.round((np.c_[idx, np.ones(len(idx))] @ affine.T)[:, :3], 2)
def built(path):
    image = nibabel.load(path)
    return np.asarray(image.dataobj), LPS @ image.affine
def same(a, b):
    key = lambda p: sorted(map(tuple, (p + 0.0).tolist()))
    a, b = key(a), key(b)
    return bool(len(a) == len(b) and len(a) > 0 and np.abs(np.array(a) - np.array(b)).max() < 0.05)
def theirs(job):
    if job['kind'] == 'seg':
        volume = highdicom.seg.segread(job['label']).get_volume(segment_numbers=[job['segment']], combine_segments=False)
        return points(volume.array[..., 0] if volume.array.ndim == 4 else volume.array, volume.affine)
    image = sitk.ReadImage(job['label'])
    array = np.transpose(sitk.GetArrayFromImage(image))
    affine = np.eye(4)
    affine[:3, :3] = np.array(image.GetDirection()).reshape(3, 3) * np.array(image.GetSpacing())
    affine[:3, 3] = image.GetOrigin()
    return points(array == job['segment'], affine)
def series(paths):
    files = []
    for path in paths:
        data = pydicom.dcmread(path, stop_before_pixels=True, force=True)
        if 'ImagePositionPatient' in data: files.append((list(map(float, data.ImagePositionPatient)), data, path))
    first = files[0][1]
    r, c = np.array(first.ImageOrientationPatient[:3], float), np.array(first.ImageOrientationPatient[3:], float)
    files.sort(key=lambda f: np.dot(f[0], np.cross(r, c)))
    return sitk.ReadImage([f[2] for f in files])
out = []
for job in json.load(sys.stdin):
    label, affine = built(job['builtLabel'])
    row = {'places': same(points(label == job['value'], affine), theirs(job))}
    array, affine = built(job['builtImage'])
    paths = job['image']
    if isinstance(paths, str) and os.path.isdir(paths): paths = [os.path.join(paths, name) for name in os.listdir(paths)]
    image = sitk.ReadImage(paths) if isinstance(paths, str) else series(paths)
    rng = np.random.default_rng(1)
    idx = np.stack([rng.integers(0, n, 300) for n in array.shape], 1)
    world = (np.c_[idx, np.ones(300)] @ affine.T)[:, :3]
    values = []
    for p in world:
        values.append(image.GetPixel(image.TransformPhysicalPointToIndex(p.tolist())))
    ours, values = array[tuple(idx.T)], np.array(values, float)
    if job.get('proportional'): values = values * ours[values.argmax()] / values.max()
    row['values'] = bool(np.allclose(ours, values, rtol=1e-5)) and array.shape == image.GetSize()
    out.append(row)
print(json.dumps(out))
`;

export interface ComparisonJob {
  readonly kind: 'seg' | 'file';
  readonly label: string;
  readonly segment: number;
  readonly value: number;
  /** A file, or the folder or files of a series. */
  readonly image: string | readonly string[];
  /** Where the built values are in another unit: SUV, of activities. */
  readonly proportional?: boolean;
  readonly builtLabel: string;
  readonly builtImage: string;
}

export const compareWithTheirs = (jobs: readonly ComparisonJob[]) =>
  runPython<{ places: boolean; values: boolean }[]>(script, [], { input: JSON.stringify(jobs) });

/** Everything in the headers of DICOM files that tells of a person, a time or an object. */
const identityScript = `
import json, sys, os, pydicom
found = set()
for root, _, names in os.walk(sys.argv[1]):
    for name in names:
        try: data = pydicom.dcmread(os.path.join(root, name), stop_before_pixels=True)
        except Exception: continue
        for e in data.iterall():
            if e.VR in ('PN', 'UI', 'DA', 'DT', 'AE') or e.keyword in ('PatientID', 'AccessionNumber', 'InstitutionName', 'StationName', 'StudyID', 'SeriesDescription', 'StudyDescription', 'DeviceSerialNumber', 'AcquisitionTime', 'ContentTime', 'SeriesTime', 'StudyTime'):
                for value in (e.value if isinstance(e.value, (list, pydicom.multival.MultiValue)) else [e.value]):
                    if len(str(value)) >= 4: found.add(str(value))
print(json.dumps(sorted(found)))
`;

export const identitiesIn = (folder: string) => runPython<string[]>(identityScript, [folder]);
