import { Problem } from '../../../ml/check/problem.ts';
import type { NumberType } from '../decodeNumbers.ts';
import { numberTypes } from '../decodeNumbers.ts';
import type { NrrdText } from './text.ts';
import { brokenNrrd } from './text.ts';

export interface NrrdAxis {
  readonly size: number;
  /** Lower case; empty where the file does not say. */
  readonly kind: string;
  /** In the file's space, per index; absent for an axis that is none of space. */
  readonly direction: readonly number[] | undefined;
  /** Where the file has no space; NaN where not given. */
  readonly spacing: number;
  readonly least: number;
}

/** What a header says, in the numbers of the file. */
export interface NrrdHeader {
  readonly type: NumberType;
  readonly encoding: 'raw' | 'gzip' | 'ascii';
  readonly littleEndian: boolean;
  /** Fastest first. */
  readonly axes: readonly NrrdAxis[];
  readonly voxelBytes: number;
  readonly space: string | undefined;
  readonly spaceUnits: readonly string[];
  readonly origin: readonly number[] | undefined;
  readonly lineSkip: number;
  /** -1: the data ends with the file. */
  readonly byteSkip: number;
  readonly content: string;
  readonly unit: string | null;
  readonly text: NrrdText;
  readonly warnings: readonly string[];
}

/** @throws Problem `data` naming the field that makes the file unusable. */
export function parseNrrdHeader(text: NrrdText, path: string): NrrdHeader {
  const { fields } = text;
  const warnings: string[] = [];
  const type = numberType(required(fields, 'type', path), path);
  const axes = readAxes(fields, path);
  const voxelBytes = axes.reduce<number>((product, { size }) => product * size, type.bytes);
  if (!Number.isSafeInteger(voxelBytes)) throw brokenNrrd('sizes are beyond all sense', path);
  return {
    type,
    encoding: encoding(required(fields, 'encoding', path), path),
    littleEndian: isLittleEndian(fields.get('endian'), type, warnings, path),
    axes,
    voxelBytes,
    space: fields.get('space')?.toLowerCase(),
    spaceUnits: quoted(fields.get('spaceunits') ?? fields.get('units') ?? ''),
    origin: vectors(fields.get('spaceorigin') ?? '', path)[0],
    lineSkip: whole(fields.get('lineskip') ?? '0', 'line skip', 0, path),
    byteSkip: whole(fields.get('byteskip') ?? '0', 'byte skip', -1, path),
    content: fields.get('content') ?? '',
    unit: fields.get('sampleunits')?.replaceAll('"', '') ?? null,
    text,
    warnings,
  };
}

function readAxes(fields: ReadonlyMap<string, string>, path: string): readonly NrrdAxis[] {
  const dimension = whole(required(fields, 'dimension', path), 'dimension', 1, path);
  const sizes = words(required(fields, 'sizes', path)).map((size) => whole(size, 'sizes', 1, path));
  if (dimension > 16 || sizes.length !== dimension)
    throw brokenNrrd(`dimension ${dimension} and ${sizes.length} sizes do not fit`, path);
  const perAxis = <T>(name: string, values: readonly T[]): readonly T[] => {
    if (values.length !== 0 && values.length !== dimension)
      throw brokenNrrd(`${name} has ${values.length} entries for ${dimension} axes`, path);
    return values;
  };
  const directions = perAxis('space directions', vectors(fields.get('spacedirections') ?? '', path));
  const kinds = perAxis('kinds', words(fields.get('kinds') ?? ''));
  const spacings = perAxis('spacings', words(fields.get('spacings') ?? '').map(Number));
  const mins = perAxis('axis mins', words(fields.get('axismins') ?? '').map(Number));
  return sizes.map((size, n) => ({
    size,
    kind: kinds[n]?.toLowerCase() ?? '',
    direction: directions[n],
    spacing: spacings[n] ?? NaN,
    least: mins[n] ?? NaN,
  }));
}

/** Every name that a type goes by; C's own, and those of the sizes. */
const typeNames: readonly (readonly [RegExp, NumberType])[] = [
  [/^(signed char|int8(_t)?)$/, numberTypes.int8],
  [/^(uchar|unsigned char|uint8(_t)?)$/, numberTypes.uint8],
  [/^((signed )?short( int)?|int16(_t)?)$/, numberTypes.int16],
  [/^(ushort|unsigned short( int)?|uint16(_t)?)$/, numberTypes.uint16],
  [/^((signed )?int|int32(_t)?)$/, numberTypes.int32],
  [/^(uint|unsigned int|uint32(_t)?)$/, numberTypes.uint32],
  [/^(longlong|(signed )?long long( int)?|int64(_t)?)$/, numberTypes.int64],
  [/^(ulonglong|unsigned long long( int)?|uint64(_t)?)$/, numberTypes.uint64],
  [/^float$/, numberTypes.float32],
  [/^double$/, numberTypes.float64],
];

function numberType(name: string, path: string): NumberType {
  const type = typeNames.find(([pattern]) => pattern.test(name.toLowerCase()))?.[1];
  if (type !== undefined) return type;
  const what = `voxels of the NRRD type "${name}" are not supported`;
  throw new Problem('data', what, path, 'Convert it to integers or real numbers of at most 64 bits.');
}

function encoding(name: string, path: string): NrrdHeader['encoding'] {
  if (/^raw$/i.test(name)) return 'raw';
  if (/^(gz|gzip)$/i.test(name)) return 'gzip';
  if (/^(txt|text|ascii)$/i.test(name)) return 'ascii';
  const what = `the NRRD encoding "${name}" is not supported`;
  throw new Problem('data', what, path, 'Save it with the encoding gzip or raw, e.g. in 3D Slicer or with unu save.');
}

function isLittleEndian(value: string | undefined, type: NumberType, warnings: string[], path: string): boolean {
  if (value !== undefined && !/^(little|big)$/i.test(value)) throw brokenNrrd(`endian is "${value}"`, path);
  if (value === undefined && type.bytes > 1)
    warnings.push('The header does not name the byte order; the lowest byte is taken to come first, as is usual.');
  return value?.toLowerCase() !== 'big';
}

function required(fields: ReadonlyMap<string, string>, name: string, path: string): string {
  const value = fields.get(name);
  if (value === undefined) throw brokenNrrd(`it has no field "${name}"`, path);
  return value;
}

function whole(value: string, name: string, least: number, path: string): number {
  const number = /^-?\d+$/.test(value) ? Number(value) : NaN;
  if (!(Number.isSafeInteger(number) && number >= least)) throw brokenNrrd(`${name} is "${value}"`, path);
  return number;
}

const words = (value: string) => value.split(/\s+/).filter((word) => word !== '');

const quoted = (value: string) => [...value.matchAll(/"([^"]*)"/g)].map(([, name = '']) => name.toLowerCase());

/** `(1,0,0) none (0,1,0)`; `none` is undefined. */
function vectors(value: string, path: string): readonly (readonly number[] | undefined)[] {
  const found = value.match(/none|\([^)]*\)/gi) ?? [];
  return found.map((word) => {
    if (/^none$/i.test(word)) return undefined;
    const numbers = word.slice(1, -1).split(',').map(Number);
    if (numbers.every(Number.isNaN)) return undefined;
    if (!numbers.every(Number.isFinite)) throw brokenNrrd(`"${word}" is no vector`, path);
    return numbers;
  });
}
