import type { FileHandle } from 'node:fs/promises';
import type { VoxelArray } from '../../../../ml/volume/volume.ts';
import { emptyLike } from '../../../../ml/volume/emptyLike.ts';
import type { NumberType } from '../../decodeNumbers.ts';
import { decodeNumbers, numberTypes } from '../../decodeNumbers.ts';
import { brokenPicture, checkClaim } from '../picture.ts';
import type { TiffDirectory } from './directory.ts';
import { readAt, tiffTags } from './directory.ts';
import { compressions } from './unpack.ts';

/** No compression here makes more of a byte: LZW's longest string has 3839 bytes and takes 12 bits. */
const mostRatio = 4096;

/** How one page is stored. */
export interface TiffPage {
  readonly width: number;
  readonly height: number;
  /** Numbers a pixel as stored; 1 for a palette. */
  readonly samples: number;
  readonly bits: number;
  readonly type: NumberType;
  readonly photometric: number;
  readonly isPlanar: boolean;
  readonly predictor: number;
  readonly compression: number;
  /** Strips are tiles as wide as the picture. */
  readonly tile: { readonly width: number; readonly height: number; readonly isStrip: boolean };
  readonly offsets: readonly number[];
  readonly byteCounts: readonly number[];
  /** Of the page in the file's palette, red, green, blue after each other, 16 bits each. */
  readonly palette: readonly number[];
}

/** @throws Problem `data` naming what is not supported, or claims more than `size` bytes can hold. */
export function describePage(directory: TiffDirectory, size: number, path: string): TiffPage {
  const { width, height, bits: bitTag, samples: sampleTag, rowsPerStrip, tileWidth, tileHeight } = tiffTags;
  const [columns, rows] = [directory.number(width, 0), directory.number(height, 0)];
  const samples = directory.number(sampleTag, 1);
  const bits = directory.number(bitTag, 1);
  const photometric = directory.number(tiffTags.photometric, -1);
  const compression = directory.number(tiffTags.compression, 1);
  const predictor = directory.number(tiffTags.predictor, 1);
  const type = numberTypeOf(bits, directory.number(tiffTags.sampleFormat, 1));
  const unsupported = (what: string) => brokenPicture(`TIFF with ${what} is not supported`, path);
  if (!(columns >= 1 && rows >= 1 && samples >= 1 && samples <= 64)) throw brokenPicture('it says no size', path);
  if (type === undefined || directory.numbers(bitTag).some((other) => other !== bits))
    throw unsupported(
      `${directory.numbers(bitTag).join(', ')} bits of format ${directory.number(tiffTags.sampleFormat, 1)}`,
    );
  if (compressions[compression] === undefined) throw unsupported(`compression ${compression}`);
  if (![0, 1, 2, 3].includes(photometric)) throw unsupported(`colours of kind ${photometric}`);
  if ((predictor !== 1 && predictor !== 2) || (predictor === 2 && bits < 8))
    throw unsupported(`predictor ${predictor}`);
  checkClaim(rows * Math.ceil((columns * samples * bits) / 8), size, compression === 1 ? 1 : mostRatio, path);
  const isStrip = directory.numbers(tileWidth).length === 0;
  const tile = isStrip
    ? { width: columns, height: Math.min(rows, directory.number(rowsPerStrip, rows)), isStrip }
    : { width: directory.number(tileWidth, 0), height: directory.number(tileHeight, 0), isStrip };
  const isPlanar = directory.number(tiffTags.planar, 1) === 2 && samples > 1;
  const offsets = directory.numbers(isStrip ? tiffTags.stripOffsets : tiffTags.tileOffsets);
  const byteCounts = directory.numbers(isStrip ? tiffTags.stripBytes : tiffTags.tileBytes);
  const tiles = Math.ceil(columns / tile.width) * Math.ceil(rows / tile.height) * (isPlanar ? samples : 1);
  // A tile may be larger than the picture, but not without bounds.
  if (
    tile.width > columns + 4096 ||
    tile.height > rows + 4096 ||
    !(offsets.length === tiles && byteCounts.length === tiles)
  )
    throw brokenPicture('its strips or tiles do not fit its size', path);
  const palette = photometric === 3 ? directory.numbers(tiffTags.colourMap) : [];
  if (photometric === 3 && (bits > 16 || palette.length !== 3 * 2 ** bits || samples !== 1))
    throw brokenPicture('its palette does not fit', path);
  const kind = { bits, type, photometric, isPlanar, predictor, compression };
  return { width: columns, height: rows, samples, ...kind, tile, offsets, byteCounts, palette };
}

/** SampleFormat 1 is unsigned, 2 signed, 3 real; fewer than 8 bits are unpacked into 8. */
function numberTypeOf(bits: number, format: number): NumberType | undefined {
  if (bits <= 4 && [1, 2, 4].includes(bits) && format === 1) return numberTypes.uint8;
  const name = `${['', 'uint', 'int', 'float'][format] ?? ''}${bits}`;
  return Object.values<NumberType>(numberTypes).find((type) => type.name === name && bits <= (format === 3 ? 64 : 32));
}

/** Stored values `[height, width, samples]`, samples fastest. */
export async function readPage(
  page: TiffPage,
  handle: FileHandle,
  littleEndian: boolean,
  size: number,
  path: string,
): Promise<VoxelArray> {
  const { width, height, samples, tile, type, isPlanar, offsets, byteCounts } = page;
  const data = emptyLike(decodeNumbers(new Uint8Array(0), type, true, path), width * height * samples);
  const across = Math.ceil(width / tile.width);
  const perPlane = across * Math.ceil(height / tile.height);
  const step = isPlanar ? 1 : samples;
  for (const [n, offset] of offsets.entries()) {
    const plane = Math.floor(n / perPlane);
    const [left, top] = [((n % perPlane) % across) * tile.width, Math.floor((n % perPlane) / across) * tile.height];
    const rows = tile.isStrip ? Math.min(tile.height, height - top) : tile.height;
    const packed = await readAt(handle, offset, byteCounts[n]!, size, path);
    const values = unpackTile(new Uint8Array(packed.buffer), page, rows, step, littleEndian, path);
    for (let y = 0; y < Math.min(rows, height - top); y++)
      for (let x = 0; x < Math.min(tile.width, width - left); x++)
        for (let s = 0; s < step; s++)
          data[((top + y) * width + left + x) * samples + plane + s] = values[(y * tile.width + x) * step + s]!;
  }
  return data;
}

function unpackTile(
  packed: Uint8Array,
  { tile, bits, type, compression, predictor }: TiffPage,
  rows: number,
  samples: number,
  littleEndian: boolean,
  path: string,
): VoxelArray {
  const rowBytes = Math.ceil((tile.width * samples * bits) / 8);
  checkClaim(rowBytes * rows, packed.length, compression === 1 ? 1 : mostRatio, path);
  const bytes = compressions[compression]!(packed, rowBytes * rows);
  if (bytes === undefined || bytes.length < rowBytes * rows)
    throw brokenPicture('its pixels are cut off or damaged', path);
  const own = new Uint8Array(bytes.subarray(0, rowBytes * rows));
  if (bits < 8) return unpackBitsOf(own, tile.width * samples, rows, bits);
  const values = decodeNumbers(own, type, littleEndian, path);
  // TIFF 6.0, section 14: each value was stored as its difference from that of the pixel to its left; sums wrap around.
  if (predictor === 2)
    for (let row = 0; row < values.length; row += tile.width * samples)
      for (let n = samples; n < tile.width * samples; n++) values[row + n]! += values[row + n - samples]!;
  return values;
}

function unpackBitsOf(bytes: Uint8Array, columns: number, rows: number, bits: number): Uint8Array {
  const out = new Uint8Array(columns * rows);
  const rowBytes = bytes.length / rows;
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++) {
      const bit = x * bits;
      out[y * columns + x] = (bytes[y * rowBytes + (bit >> 3)]! >> (8 - bits - (bit & 7))) & ((1 << bits) - 1);
    }
  return out;
}
