import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeNumbers, numberTypes } from '../../../../../main/imaging/decodeNumbers.ts';
import type { VoxelArray } from '../../../../../ml/volume/volume.ts';
import { runPython } from '../../../../support/python.ts';

/** What SimpleITK reads: of a folder its only series, sorted by GDCM. */
export interface TheirImage {
  readonly path: string;
  readonly error?: string;
  /** x, y, z, and the numbers a voxel. */
  readonly shape: readonly number[];
  readonly components: number;
  readonly spacing: readonly number[];
  readonly origin: readonly number[];
  readonly direction: readonly number[];
  readonly type: string;
  /** Raw values, components fastest, then x, y, z. */
  readonly file: string;
}

const script = `
import json, os, sys
import numpy as np
import SimpleITK as sitk
sitk.ProcessObject.SetGlobalWarningDisplay(False)
out, results = sys.argv[1], []
for n, path in enumerate(sys.argv[2:]):
    try:
        if os.path.isdir(path):
            reader = sitk.ImageSeriesReader()
            ids = reader.GetGDCMSeriesIDs(path)
            names = [f for f in reader.GetGDCMSeriesFileNames(path, ids[0])] if len(ids) == 1 else []
            if not names:
                # Without series UIDs, or with one for each slice: sorted here along the axis of the patient.
                import pydicom
                found = []
                for name in sorted(os.listdir(path)):
                    d = pydicom.dcmread(os.path.join(path, name), stop_before_pixels=True)
                    if 'ImagePositionPatient' in d and 'NumberOfFrames' not in d:
                        o = [float(v) for v in d.ImageOrientationPatient]
                        found.append((float(np.dot(np.cross(o[:3], o[3:]), [float(v) for v in d.ImagePositionPatient])), os.path.join(path, name)))
                names = [name for _, name in sorted(found)]
            reader.SetFileNames(names)
            image = reader.Execute()
        else:
            image = sitk.ReadImage(path)
        array = np.ascontiguousarray(sitk.GetArrayFromImage(image))
        size = list(image.GetSize())
        spacing, origin, direction = list(image.GetSpacing()), list(image.GetOrigin()), list(image.GetDirection())
        if image.GetDimension() == 2:
            size, spacing, origin = size + [1], spacing + [1], origin + [0]
            direction = direction[:2] + [0] + direction[2:] + [0, 0, 0, 1]
        file = 'theirs%d.raw' % n
        array.tofile(os.path.join(out, file))
        results.append(dict(path=path, shape=size, components=image.GetNumberOfComponentsPerPixel(), spacing=spacing,
                            origin=origin, direction=direction, type=str(array.dtype), file=file))
    except Exception as error:
        results.append(dict(path=path, error=str(error).strip().split('\\n')[-1][:120]))
print(json.dumps(results))
`;

const pydicomScript = `
import json, os, sys
import numpy as np
import pydicom
from pydicom.pixels import apply_color_lut, apply_modality_lut
out, results = sys.argv[1], []
for n, path in enumerate(sys.argv[2:]):
    try:
        d = pydicom.dcmread(path)
        # As stored: pydicom turns YBR into RGB and applies no table by itself.
        array = d.pixel_array
        if d.PhotometricInterpretation == 'PALETTE COLOR':
            array = apply_color_lut(array, d)
        elif 'DoseGridScaling' in d:
            array = array * float(d.DoseGridScaling)
        elif d.SamplesPerPixel == 1:
            array = apply_modality_lut(array, d)
        file = 'pydicom%d.raw' % n
        np.ascontiguousarray(array).tofile(os.path.join(out, file))
        results.append(dict(path=path, shape=[], components=int(d.SamplesPerPixel), spacing=[], origin=[], direction=[], type=str(array.dtype), file=file))
    except Exception as error:
        results.append(dict(path=path, error=str(error).strip().split('\\n')[0][:120]))
print(json.dumps(results))
`;

/** Values alone, for what SimpleITK cannot read or reads otherwise. */
export async function readWithPydicom(folder: string, paths: readonly string[]): Promise<readonly TheirImage[]> {
  return runPython<TheirImage[]>(pydicomScript, [folder, ...paths]);
}

const suvScript = `
import json, math, sys
from datetime import datetime
import pydicom
d = pydicom.dcmread(sys.argv[1], stop_before_pixels=True)
drug = d.RadiopharmaceuticalInformationSequence[0]
read = lambda day, time: datetime.strptime(day + time.split('.')[0], '%Y%m%d%H%M%S').timestamp() + float('0.' + (time.split('.') + ['0'])[1])
seconds = read(d.SeriesDate, d.SeriesTime) - read(d.SeriesDate, drug.RadiopharmaceuticalStartTime)
dose = float(drug.RadionuclideTotalDose) * math.exp(-math.log(2) * seconds / float(drug.RadionuclideHalfLife))
assert d.Units == 'BQML' and d.DecayCorrection == 'START'
print(json.dumps(float(d.PatientWeight) * 1000 / dose))
`;

/** What turns Bq/mL of a PET slice into SUV by body weight, from its tags. */
export const suvFactor = (path: string): Promise<number> => runPython<number>(suvScript, [path]);

/** @param folder Where the values go. */
export async function readWithSimpleItk(folder: string, paths: readonly string[]): Promise<readonly TheirImage[]> {
  return runPython<TheirImage[]>(script, [folder, ...paths]);
}

export function theirValues(folder: string, { file, type }: TheirImage): VoxelArray {
  const numbers = Object.values(numberTypes).find(({ name }) => name === type)!;
  return decodeNumbers(new Uint8Array(readFileSync(join(folder, file))), numbers, true, file);
}
