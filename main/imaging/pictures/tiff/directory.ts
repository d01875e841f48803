import type { FileHandle } from 'node:fs/promises';
import { brokenPicture } from '../picture.ts';

/** The tags that we read (TIFF 6.0, section 8 and part 2). */
export const tiffTags = {
  newSubfileType: 254,
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  description: 270,
  stripOffsets: 273,
  orientation: 274,
  samples: 277,
  rowsPerStrip: 278,
  stripBytes: 279,
  xResolution: 282,
  yResolution: 283,
  planar: 284,
  predictor: 317,
  colourMap: 320,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileBytes: 325,
  extraSamples: 338,
  sampleFormat: 339,
} as const;

/** One image file directory: the values of its tags. */
export interface TiffDirectory {
  numbers(tag: number): readonly number[];
  number(tag: number, otherwise: number): number;
  text(tag: number): string;
}

const typeBytes: Readonly<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  10: 8,
  11: 4,
  12: 8,
};

const mostPages = 100_000;
/** No tag that we read has more values, all strips of a huge picture included. */
const mostValues = 1 << 22;

const known: ReadonlySet<number> = new Set(Object.values(tiffTags));

/** @throws Problem `data` where the chain of directories leads back to itself or out of the file. */
export async function readDirectories(
  handle: FileHandle,
  size: number,
  path: string,
): Promise<{ directories: readonly TiffDirectory[]; littleEndian: boolean }> {
  const start = await readAt(handle, 0, 8, size, path);
  const littleEndian = start.getUint8(0) === 0x49;
  if (start.getUint16(2, littleEndian) !== 42)
    throw brokenPicture('BigTIFF and other kinds of TIFF are not supported', path);
  const directories: TiffDirectory[] = [];
  const seen = new Set<number>();
  for (let at = start.getUint32(4, littleEndian); at !== 0;) {
    if (seen.has(at) || directories.length === mostPages) throw brokenPicture('its pages do not end', path);
    seen.add(at);
    const count = (await readAt(handle, at, 2, size, path)).getUint16(0, littleEndian);
    const entries = await readAt(handle, at + 2, count * 12 + 4, size, path);
    const fields = new Map<number, readonly number[]>();
    for (let n = 0; n < count; n++) {
      const tag = entries.getUint16(12 * n, littleEndian);
      if (known.has(tag)) fields.set(tag, await readValues(handle, entries, 12 * n, littleEndian, size, path));
    }
    directories.push(directoryOf(fields));
    at = entries.getUint32(12 * count, littleEndian);
  }
  if (directories.length === 0) throw brokenPicture('it has no pages', path);
  return { directories, littleEndian };
}

const directoryOf = (fields: ReadonlyMap<number, readonly number[]>): TiffDirectory => ({
  numbers: (tag) => fields.get(tag) ?? [],
  number: (tag, otherwise) => fields.get(tag)?.[0] ?? otherwise,
  text: (tag) =>
    Buffer.from(fields.get(tag) ?? [])
      .toString('utf8')
      .replace(/\0[^]*$/, ''),
});

async function readValues(
  handle: FileHandle,
  entries: DataView,
  at: number,
  littleEndian: boolean,
  size: number,
  path: string,
): Promise<readonly number[]> {
  const type = entries.getUint16(at + 2, littleEndian);
  const count = entries.getUint32(at + 4, littleEndian);
  const bytes = typeBytes[type];
  if (bytes === undefined) return [];
  if (count > mostValues) throw brokenPicture(`a tag has ${count} values`, path);
  const isInline = count * bytes <= 4;
  const values = isInline
    ? entries
    : await readAt(handle, entries.getUint32(at + 8, littleEndian), count * bytes, size, path);
  const first = isInline ? at + 8 : 0;
  return Array.from({ length: count }, (_, n) => readValue(values, type, first + n * bytes, littleEndian));
}

function readValue(view: DataView, type: number, at: number, littleEndian: boolean): number {
  switch (type) {
    case 3:
      return view.getUint16(at, littleEndian);
    case 4:
      return view.getUint32(at, littleEndian);
    case 5:
      return view.getUint32(at, littleEndian) / view.getUint32(at + 4, littleEndian);
    case 8:
      return view.getInt16(at, littleEndian);
    case 9:
      return view.getInt32(at, littleEndian);
    case 11:
      return view.getFloat32(at, littleEndian);
    case 12:
      return view.getFloat64(at, littleEndian);
    default:
      return view.getUint8(at);
  }
}

export async function readAt(
  handle: FileHandle,
  at: number,
  length: number,
  size: number,
  path: string,
): Promise<DataView> {
  if (at + length > size) throw brokenPicture('it is cut off', path);
  const bytes = new Uint8Array(length);
  await handle.read(bytes, 0, length, at);
  return new DataView(bytes.buffer);
}
