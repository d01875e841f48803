import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import { decode } from 'fast-png';
import { contentFrom, inspectFile, readBytes, readStart } from '../../files/content.ts';
import { numberTypes } from '../decodeNumbers.ts';
import type { OpenPicture, PictureFormat, PictureHeader } from './picture.ts';
import { brokenPicture, checkClaim } from './picture.ts';

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** The fields of IHDR (PNG specification, 11.2.1). */
interface PngStart {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colour: number;
  /** Bytes of all rows, unpacked and with their filter bytes; of all passes where interlaced. */
  readonly mostBytes: number;
}

/** Grey, RGB, palette, grey with alpha, RGBA. */
const components: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

export const png: PictureFormat = {
  looksLike: (start) => signature.every((byte, n) => start[n] === byte),
  open: openPng,
};

async function openPng(path: string): Promise<OpenPicture> {
  const file = await inspectFile(path);
  const raw = contentFrom(file, 0, false);
  const start = readIhdr(await readStart(raw, 33), path);
  checkClaim(start.mostBytes, file.size, 1032, path);
  const isPalette = start.colour === 3;
  const header: PictureHeader = {
    width: start.width,
    height: start.height,
    slices: 1,
    frames: 1,
    components: isPalette ? 3 : components[start.colour]!,
    hasAlpha: start.colour === 4 || start.colour === 6,
    type: start.depth === 16 ? numberTypes.uint16 : numberTypes.uint8,
    // pHYs is the size of a print.
    spacing: undefined,
    lossy: false,
    warnings: [],
  };
  return { header, read: async () => decodePng(await readBytes(raw, 0, file.size), start, path) };
}

function readIhdr(bytes: Uint8Array, path: string): PngStart {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 33 || view.getUint32(12) !== 0x49484452) throw brokenPicture('it has no IHDR', path);
  const [width, height, depth, colour] = [view.getUint32(16), view.getUint32(20), bytes[24]!, bytes[25]!];
  const samples = components[colour];
  const depths = colour === 0 ? [1, 2, 4, 8, 16] : colour === 3 ? [1, 2, 4, 8] : [8, 16];
  if (width === 0 || height === 0 || samples === undefined || !depths.includes(depth) || bytes[28]! > 1)
    throw brokenPicture('its IHDR makes no sense', path);
  const row = Math.ceil((width * samples * depth) / 8) + 1;
  // Seven passes, each with rows of its own, that together are not twice as long but for the smallest pictures.
  return { width, height, depth, colour, mostBytes: bytes[28] === 1 ? 2 * row * height + 64 : row * height };
}

async function decodePng(bytes: Uint8Array, start: PngStart, path: string) {
  const essential = await essentialChunks(bytes, start, path);
  try {
    const { data, palette, depth } = decode(essential, { checkCrc: true });
    const samples = depth < 8 ? unpacked(data, start) : data;
    // A palette may stand in a file of true colours too, as a suggestion to displays that have few.
    const values = start.colour === 3 ? coloured(samples, palette ?? [], path) : samples;
    return values instanceof Uint8ClampedArray ? new Uint8Array(values.buffer) : values;
  } catch (error) {
    throw brokenPicture(error instanceof Error ? error.message : 'it is damaged', path, error);
  }
}

/**
 * The chunks that pixels come from, once it is known that they unpack to no more than the header says. Profiles and texts,
 * which may unpack to anything, are left out.
 */
async function essentialChunks(bytes: Uint8Array, { mostBytes }: PngStart, path: string): Promise<Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: Uint8Array[] = [bytes.subarray(0, 8)];
  const pixels: Uint8Array[] = [];
  for (let at = 8; at + 12 <= bytes.length;) {
    const end = at + 12 + view.getUint32(at);
    const type = Buffer.from(bytes.subarray(at + 4, at + 8)).toString('latin1');
    if (end > bytes.length) throw brokenPicture('it is cut off', path);
    if (['IHDR', 'PLTE', 'IDAT', 'IEND'].includes(type)) chunks.push(bytes.subarray(at, end));
    if (type === 'IDAT') pixels.push(bytes.subarray(at + 8, end - 4));
    if (type === 'IEND') break;
    at = end;
  }
  await promisify(inflate)(Buffer.concat(pixels), { maxOutputLength: mostBytes }).catch((error: unknown) => {
    throw brokenPicture('its pixels are cut off, damaged, or more than its header says', path, error);
  });
  return Buffer.concat(chunks);
}

/** Samples of 1, 2 or 4 bits, highest first, each row from a whole byte on: their own values, not stretched to 255. */
function unpacked(data: ArrayLike<number>, { width, height, depth }: PngStart): Uint8Array {
  const out = new Uint8Array(width * height);
  const row = Math.ceil((width * depth) / 8);
  const mask = (1 << depth) - 1;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const bit = x * depth;
      out[y * width + x] = (data[y * row + (bit >> 3)]! >> (8 - depth - (bit & 7))) & mask;
    }
  return out;
}

function coloured(indices: ArrayLike<number>, palette: readonly (readonly number[])[], path: string): Uint8Array {
  const out = new Uint8Array(3 * indices.length);
  for (let n = 0; n < indices.length; n++) {
    const colour = palette[indices[n]!];
    if (colour === undefined) throw brokenPicture(`colour ${indices[n]!} is not in its palette`, path);
    out.set(colour.slice(0, 3), 3 * n);
  }
  return out;
}
