import { Problem } from '../../../ml/check/problem.ts';
import type { DataType } from './dataTypes.ts';
import { dataTypeOfCode } from './dataTypes.ts';
import { HeaderFields } from './headerFields.ts';
import { analyze, nifti1, nifti2 } from './layout.ts';

/** The geometry of a header in its own numbers, so that what belongs to an image can be written with the very same ones. */
export interface NiftiGeometry {
  /** dim[0], at most 3: a picture has 2. */
  readonly axes: number;
  readonly qformCode: number;
  readonly sformCode: number;
  /** pixdim[0..7]: [0] is qfac, [1..3] voxel sides, [4] time step, in the units of `xyztUnits`. */
  readonly pixdim: readonly number[];
  /** b, c, d of the unit quaternion, then the offsets x, y, z. */
  readonly quaternion: readonly number[];
  /** srow_x, srow_y, srow_z: row-major, RAS. */
  readonly srows: readonly number[];
  readonly xyztUnits: number;
}

/** A NIfTI-1, NIfTI-2 or (version 0) ANALYZE 7.5 header, in the numbers of the file. */
export interface NiftiHeader {
  readonly version: 0 | 1 | 2;
  readonly littleEndian: boolean;
  /** Whether the voxels are in a second file (.img). */
  readonly pair: boolean;
  /** dim[1..dim[0]], each >= 1. */
  readonly dimensions: readonly number[];
  readonly dataType: DataType;
  /** First byte of the voxels in the file that holds them. */
  readonly voxelOffset: number;
  readonly voxelBytes: number;
  /** Real value = slope * stored + intercept; absent where stored values are real. */
  readonly rescale: { readonly slope: number; readonly intercept: number } | undefined;
  readonly description: string;
  readonly geometry: NiftiGeometry;
  readonly warnings: readonly string[];
}

export const largestHeader = nifti2.headerBytes;

/**
 * @param bytes The first `largestHeader` bytes of the file, or fewer.
 * @throws Problem `data` naming the field that makes the file unusable.
 */
export function parseHeader(bytes: Uint8Array, path: string): NiftiHeader {
  const fields = openFields(bytes, path);
  const { layout } = fields;
  const warnings: string[] = [];
  const dimensions = readDimensions(fields, path);
  const dataType = readDataType(fields, path);
  const voxelBytes = dimensions.reduce((product, size) => product * size, dataType.bytes);
  if (!Number.isSafeInteger(voxelBytes)) throw broken(`dim = [${dimensions.join(', ')}] is beyond all sense`, path);
  refuseCifti(fields, path);
  const isAnalyze = layout.version === 0;
  const pair = isAnalyze || fields.text('magic') === layout.magic.pair.slice(0, 3);
  return {
    version: layout.version,
    littleEndian: fields.littleEndian,
    pair,
    dimensions,
    dataType,
    voxelOffset: readVoxelOffset(fields, pair, path, warnings),
    voxelBytes,
    rescale: readRescale(fields, warnings),
    description: fields.text('description'),
    geometry: { axes: Math.min(3, dimensions.length), ...(isAnalyze ? unplaced(fields) : placed(fields)) },
    warnings,
  };
}

const placed = (fields: HeaderFields): Omit<NiftiGeometry, 'axes'> => ({
  qformCode: fields.number('qformCode'),
  sformCode: fields.number('sformCode'),
  pixdim: fields.numbers('pixdim'),
  quaternion: fields.numbers('quaternion'),
  srows: fields.numbers('srows'),
  xyztUnits: fields.number('xyztUnits'),
});

/** ANALYZE 7.5 knows voxel sides in mm and nothing else. */
const unplaced = (fields: HeaderFields): Omit<NiftiGeometry, 'axes'> => ({
  qformCode: 0,
  sformCode: 0,
  pixdim: fields.numbers('pixdim'),
  quaternion: [0, 0, 0, 0, 0, 0],
  srows: Array<number>(12).fill(0),
  xyztUnits: 2,
});

/** CIFTI-2 (section 5.1, intent codes): the matrices that it keeps in NIfTI-2 are no images. */
function refuseCifti(fields: HeaderFields, path: string): void {
  const intent = fields.number('intentCode');
  if (fields.layout.version !== 2 || intent < 3000 || intent > 3099) return;
  const what = 'a CIFTI file, whose values belong to points of surfaces and not to voxels';
  throw new Problem('data', what, path, 'Export the volume part as plain NIfTI, e.g. with wb_command.');
}

/** Whether bytes begin like a NIfTI header. */
export function looksLikeNifti(bytes: Uint8Array): boolean {
  return [nifti1, nifti2].some((layout) => {
    const [at, , count] = layout.fields.magic;
    const magic = String.fromCharCode(...bytes.subarray(at, at + count));
    return magic === layout.magic.single || magic === layout.magic.pair;
  });
}

function openFields(bytes: Uint8Array, path: string): HeaderFields {
  if (bytes.length < nifti1.headerBytes) throw broken(`its header is cut off after ${bytes.length} bytes`, path);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const layout of [nifti1, nifti2]) {
    for (const littleEndian of [true, false]) {
      if (view.getInt32(0, littleEndian) !== layout.headerBytes) continue;
      if (bytes.length < layout.headerBytes) throw broken(`its header is cut off after ${bytes.length} bytes`, path);
      const fields = new HeaderFields(bytes, layout, littleEndian);
      const magic = String.fromCharCode(...fields.numbers('magic'));
      if (magic.startsWith(layout.magic.single.slice(0, 3)) || magic.startsWith(layout.magic.pair.slice(0, 3)))
        return fields;
      // ANALYZE 7.5 always is a pair.
      if (/\.hdr(\.gz)?$/i.test(path)) return new HeaderFields(bytes, analyze, littleEndian);
      const what = 'neither a NIfTI file nor, since its name does not end in .hdr, an ANALYZE 7.5 header';
      throw new Problem('data', what, path, 'Get the file again from its source.');
    }
  }
  throw new Problem('data', 'not a NIfTI file', path, 'Check that the file is what its name says.');
}

function readDimensions(fields: HeaderFields, path: string): readonly number[] {
  const [count = 0, ...sizes] = fields.numbers('dim');
  if (count < 1 || count > 7) throw broken(`dim[0] = ${count} is not a number of dimensions from 1 to 7`, path);
  const dimensions = sizes.slice(0, count);
  if (dimensions.some((size) => size < 1)) throw broken(`dim = [${dimensions.join(', ')}] leaves no voxels`, path);
  return dimensions;
}

function readDataType(fields: HeaderFields, path: string): DataType {
  const code = fields.number('dataType');
  const type = dataTypeOfCode(code);
  if (type === undefined) throw broken(`datatype = ${code} is not a type of whole bytes that NIfTI defines`, path);
  return type;
}

function readVoxelOffset(fields: HeaderFields, pair: boolean, path: string, warnings: string[]): number {
  const offset = fields.number('voxelOffset');
  // The header and the 4 bytes that announce extensions.
  const least = pair ? 0 : fields.layout.headerBytes + 4;
  if (offset >= least && Number.isSafeInteger(offset)) return offset;
  if (offset !== 0) throw broken(`vox_offset = ${offset} does not point behind the header`, path);
  warnings.push('The header does not say where the voxels begin; they are taken to follow it at once.');
  return least;
}

function readRescale(fields: HeaderFields, warnings: string[]): NiftiHeader['rescale'] {
  const slope = fields.number('slope');
  const intercept = fields.layout.version === 0 ? 0 : fields.number('intercept');
  // nifti1.h: a slope of 0 means no scaling; writers that know of none also leave not-a-number.
  if (slope === 0 || Number.isNaN(slope) || (slope === 1 && intercept === 0)) return undefined;
  if (Number.isFinite(slope) && Number.isFinite(intercept)) return { slope, intercept };
  warnings.push(
    `Intensity scaling (slope ${slope}, intercept ${intercept}) makes no sense; stored values are taken as they are.`,
  );
  return undefined;
}

function broken(what: string, path: string): Problem {
  return new Problem(
    'data',
    `a NIfTI file that cannot be used: ${what}`,
    path,
    'Get the file again from its source, or convert it anew.',
  );
}
