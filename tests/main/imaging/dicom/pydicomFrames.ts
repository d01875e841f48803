import { runPython } from '../../../support/python.ts';

/** What pydicom, with the decoders of gdcm and pylibjpeg, has to say about a file. */
export interface TheirFile {
  readonly syntax: string | null;
  readonly patientName: string | null;
  readonly modality: string | null;
  readonly position: readonly number[] | null;
  /** Of all frames: frames, rows, columns, samples. */
  readonly shape: readonly [number, number, number, number] | null;
  /** A file of little-endian float64 values, `null` where there are none. */
  readonly values: string | null;
  /** Why there are none. */
  readonly error: string | null;
}

// Where pydicom refuses a syntax, the decoders beneath are asked: libjpeg for progressive JPEG, zlib for deflated frames.
// JPLY files of NEMA WG-04 end their sequential scan at coefficient 0: set to 63 for libjpeg, as the standard has it.
const script = `
import sys, os, json, gzip, zlib, warnings, logging
import numpy, pydicom
from pydicom.encaps import generate_frames
from pydicom.pixels import pixel_array, apply_color_lut
from pydicom.pixels.decoders.rle import _rle_decode_segment, _rle_parse_header
warnings.simplefilter('ignore')
logging.disable(logging.CRITICAL)
paths, folder = json.loads(sys.stdin.read()), sys.argv[1]

def single_bits(raw, size):
    return numpy.unpackbits(numpy.frombuffer(raw, 'u1'), bitorder='little')[:size]

def rle_bits(raw):
    start = _rle_parse_header(raw[:64])[0]
    return bytes(_rle_decode_segment(raw[start:]))

def values(ds):
    uid = ds.file_meta.TransferSyntaxUID
    frames, rows, columns = int(ds.get('NumberOfFrames', 1) or 1), ds.Rows, ds.Columns
    if uid in ('1.2.840.10008.1.2.4.53', '1.2.840.10008.1.2.4.55', '1.2.840.10008.1.2.4.51'):
        import libjpeg
        def whole(frame):
            at = frame.find(bytes.fromhex('ffda0008010100'))
            return frame[:at + 8] + b'\\x3f' + frame[at + 9:] if frame[at + 8] == 0 and uid.endswith('51') else frame
        return numpy.stack([libjpeg.decode(whole(f)) for f in generate_frames(ds.PixelData, number_of_frames=frames)])
    if uid == '1.2.840.10008.1.2.8.1':
        raw = [zlib.decompress(f, -15) for f in generate_frames(ds.PixelData, number_of_frames=frames)]
        return numpy.stack([single_bits(f, rows * columns) for f in raw])
    if uid == '1.2.840.10008.1.2.5' and ds.BitsAllocated == 1:
        raw = [rle_bits(f) for f in generate_frames(ds.PixelData, number_of_frames=frames)]
        return numpy.stack([single_bits(f, rows * columns) for f in raw])
    if ds.PhotometricInterpretation == 'PALETTE COLOR':
        return apply_color_lut(ds.pixel_array, ds)
    return pixel_array(ds)

def describe(index, path):
    result = dict(syntax=None, patientName=None, modality=None, position=None, shape=None, values=None, error=None)
    try:
        with (gzip.open if path.endswith('.gz') else open)(path, 'rb') as file:
            ds = pydicom.dcmread(file, force=True)
            result['syntax'] = ds.file_meta.get('TransferSyntaxUID')
            result['patientName'] = str(ds['PatientName'].value) if 'PatientName' in ds else None
            result['modality'] = ds.get('Modality')
            position = ds.get('ImagePositionPatient')
            result['position'] = None if position is None else [float(x) for x in position]
            if not any(name in ds for name in ('PixelData', 'FloatPixelData', 'DoubleFloatPixelData')):
                raise ValueError('no pixel data')
            array = values(ds)
        frames = int(ds.get('NumberOfFrames', 1) or 1)
        array = array.reshape(frames, ds.Rows, ds.Columns, -1)
        name = os.path.join(folder, f'{index}.f64')
        array.astype('<f8').tofile(name)
        result.update(shape=list(array.shape), values=name)
    except Exception as error:
        result['error'] = ' '.join(str(error).split())[:90]
    return result

print(json.dumps([describe(i, p) for i, p in enumerate(paths)]))
`;

/** @param folder For the files of values; empty. */
export function readWithPydicom(paths: readonly string[], folder: string): Promise<readonly TheirFile[]> {
  return runPython<TheirFile[]>(script, [folder], { input: JSON.stringify(paths) });
}
