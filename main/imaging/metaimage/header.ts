import { Problem } from '../../../ml/check/problem.ts';
import { isList } from '../dataFileNames.ts';
import type { NumberType } from '../decodeNumbers.ts';
import { numberTypes } from '../decodeNumbers.ts';

/** What a MetaImage header says (ITK, "MetaIO/Documentation"), in the numbers of the file. */
export interface MetaImageHeader {
  /** DimSize, fastest first. */
  readonly sizes: readonly number[];
  readonly components: number;
  readonly type: NumberType;
  readonly voxelBytes: number;
  readonly encoding: 'raw' | 'compressed' | 'ascii';
  readonly littleEndian: boolean;
  /** -1: the data ends with the file. */
  readonly headerSize: number;
  readonly dataFile: string;
  /** The lines after `ElementDataFile = LIST`. */
  readonly list: readonly string[];
  /** Length of the header, behind which local data begins. */
  readonly bytes: number;
  readonly spacing: readonly number[] | undefined;
  readonly origin: readonly number[] | undefined;
  /** Axis after axis, as many numbers each as there are axes. */
  readonly matrix: readonly number[] | undefined;
  readonly distanceUnit: string;
  readonly modality: string | undefined;
  readonly comment: string;
  readonly warnings: readonly string[];
}

export const largestMetaImageHeader = 1 << 20;

/** Whether text begins as MetaImages do, with some field that every one has near its beginning. */
export const looksLikeMetaImage = (bytes: Uint8Array) =>
  /^\s*(ObjectType\s*=\s*Image|NDims\s*=\s*\d|Comment\s*=[^\n]*\nObjectType\s*=\s*Image)/.test(
    Buffer.from(bytes.subarray(0, 300)).toString('latin1'),
  );

/** @throws Problem `data` naming the field that makes the file unusable. */
export function parseMetaImageHeader(bytes: Uint8Array, path: string): MetaImageHeader {
  const { fields, list, end } = readFields(bytes, path);
  const warnings: string[] = [];
  const dimensions = whole(fields.get('ndims') ?? 'missing', 'NDims', 1, path);
  const sizes = numbers(fields, ['dimsize'], dimensions, path) ?? [];
  if (dimensions < 2 || dimensions > 10 || sizes.some((size) => !(Number.isSafeInteger(size) && size >= 1)))
    throw brokenMetaImage(`DimSize is "${fields.get('dimsize') ?? ''}" for ${dimensions} axes`, path);
  const components = whole(fields.get('elementnumberofchannels') ?? '1', 'ElementNumberOfChannels', 1, path);
  const type = numberType(fields.get('elementtype') ?? 'missing', path);
  const voxelBytes = sizes.reduce((product, size) => product * size, type.bytes * components);
  if (!Number.isSafeInteger(voxelBytes) || sizes.length !== dimensions)
    throw brokenMetaImage('DimSize is beyond all sense', path);
  warnOfIgnored(fields, warnings);
  const isText = fields.get('binarydata')?.toLowerCase() === 'false';
  const isCompressed = isTrue(fields.get('compresseddata'));
  return {
    sizes,
    components,
    type,
    voxelBytes,
    encoding: isText ? 'ascii' : isCompressed ? 'compressed' : 'raw',
    littleEndian: !isTrue(fields.get('binarydatabyteordermsb') ?? fields.get('elementbyteordermsb')),
    headerSize: whole(fields.get('headersize') ?? '0', 'HeaderSize', -1, path),
    dataFile: fields.get('elementdatafile') ?? '',
    list,
    bytes: end,
    spacing: numbers(fields, ['elementspacing', 'elementsize'], dimensions, path),
    origin: numbers(fields, ['offset', 'position', 'origin'], dimensions, path),
    matrix: numbers(fields, ['transformmatrix', 'rotation', 'orientation'], dimensions * dimensions, path),
    distanceUnit: fields.get('distanceunits')?.toLowerCase() ?? 'mm',
    modality: /^MET_MOD_(CT|MR|US|NM)$/.exec(fields.get('modality') ?? '')?.[1],
    comment: fields.get('comment') ?? '',
    warnings,
  };
}

function readFields(bytes: Uint8Array, path: string) {
  const fields = new Map<string, string>();
  const line = (from: number, to: number) =>
    Buffer.from(bytes.subarray(from, to)).toString('latin1').replace(/\r$/, '');
  for (let at = 0; at < bytes.length;) {
    const newline = bytes.indexOf(10, at);
    const end = newline < 0 ? bytes.length : newline;
    const [, key, value = ''] = /^\s*([^=:]+?)\s*[=:]\s*(.*?)\s*$/.exec(line(at, Math.min(end, at + 100_000))) ?? [];
    if (key !== undefined) fields.set(key.toLowerCase(), value);
    else if (line(at, end).trim() !== '') throw brokenMetaImage('a line of its header is no field', path);
    at = end + 1;
    // The one field that has to be the last.
    if (key?.toLowerCase() !== 'elementdatafile') continue;
    const rest = isList(value) ? line(at, bytes.length).split(/\r?\n/) : [];
    return { fields, list: rest.map((name) => name.trim()).filter((name) => name !== ''), end: at };
  }
  throw brokenMetaImage('its header has no ElementDataFile, or is cut off', path);
}

const types: Readonly<Record<string, NumberType>> = {
  MET_CHAR: numberTypes.int8,
  MET_UCHAR: numberTypes.uint8,
  MET_SHORT: numberTypes.int16,
  MET_USHORT: numberTypes.uint16,
  MET_INT: numberTypes.int32,
  MET_UINT: numberTypes.uint32,
  // Of 4 bytes whatever the machine (metaTypes.h).
  MET_LONG: numberTypes.int32,
  MET_ULONG: numberTypes.uint32,
  MET_LONG_LONG: numberTypes.int64,
  MET_ULONG_LONG: numberTypes.uint64,
  MET_FLOAT: numberTypes.float32,
  MET_DOUBLE: numberTypes.float64,
};

function numberType(name: string, path: string): NumberType {
  const type = Object.entries(types).find(([key]) => key === name.toUpperCase().replace(/_ARRAY$/, ''))?.[1];
  if (type !== undefined) return type;
  throw new Problem(
    'data',
    `voxels of the MetaImage type "${name}" are not supported`,
    path,
    'Convert it to real numbers.',
  );
}

function warnOfIgnored(fields: ReadonlyMap<string, string>, warnings: string[]): void {
  const letters = fields.get('anatomicalorientation');
  const hasMatrix = ['transformmatrix', 'rotation', 'orientation'].some((name) => fields.has(name));
  if (!hasMatrix && letters !== undefined && !/^(RAI|\?+)$/i.test(letters))
    warnings.push(
      `The header has no matrix but AnatomicalOrientation = ${letters}, which programs read in opposite ways; it is left aside, ` +
        'as ITK does, and axes are taken to run left, posterior and superior.',
    );
  const centre = fields.get('centerofrotation')?.split(/\s+/).map(Number) ?? [];
  if (centre.some((part) => part !== 0)) warnings.push('CenterOfRotation is left aside, as ITK does.');
  const scale = [
    fields.get('elementtointensityfunctionslope') ?? '1',
    fields.get('elementtointensityfunctionoffset') ?? '0',
  ];
  if (Number(scale[0]) !== 1 || Number(scale[1]) !== 0)
    warnings.push(`The function from elements to intensities (${scale.join(', ')}) is not applied, as in ITK.`);
}

function numbers(
  fields: ReadonlyMap<string, string>,
  names: readonly string[],
  count: number,
  path: string,
): readonly number[] | undefined {
  const name = names.find((one) => fields.has(one));
  if (name === undefined) return undefined;
  const values = (fields.get(name) ?? '').split(/\s+/).map(Number);
  if (values.length !== count || !values.every(Number.isFinite))
    throw brokenMetaImage(`${name} is not ${count} numbers`, path);
  return values;
}

const isTrue = (value: string | undefined) => /^(true|t|1)$/i.test(value ?? '');

function whole(value: string, name: string, least: number, path: string): number {
  const number = /^-?\d+$/.test(value) ? Number(value) : NaN;
  if (!(Number.isSafeInteger(number) && number >= least)) throw brokenMetaImage(`${name} is "${value}"`, path);
  return number;
}

export function brokenMetaImage(what: string, path: string): Problem {
  const remedy = 'Get the file again from its source, or convert it anew.';
  return new Problem('data', `a MetaImage that cannot be used: ${what}`, path, remedy);
}
