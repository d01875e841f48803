import type { Encoding } from '../elements.ts';
import { type CompressedCodec, decodeCompressed } from '../codecs/decode.ts';
import type { RawFrame } from '../codecs/rawFrame.ts';
import { applyPalette, interleave, rgbOfYbr, spreadColour } from './colour.ts';
import type { PixelFormat } from './format.ts';
import { type IntegerArray, type SampleArray, integersOf, keepStoredBits, swapBytes, unpackBits } from './samples.ts';

/** A frame as numbers. */
export interface DecodedFrame {
  readonly rows: number;
  readonly columns: number;
  /** 1, or 3 for RGB, pixel after pixel. */
  readonly samples: number;
  /** MONOCHROME1, MONOCHROME2, or RGB into which every colour is turned. */
  readonly photometric: string;
  /** Row after row. Stored values, before any rescaling, for grey. */
  readonly data: SampleArray;
}

/**
 * @param target Where the values are put if they fit.
 * @throws What the codec throws.
 */
export async function decodeCompressedFrame(
  codec: CompressedCodec,
  bytes: Uint8Array<ArrayBuffer>,
  format: PixelFormat,
  target?: ArrayBuffer,
): Promise<DecodedFrame> {
  const raw = await decodeCompressed(codec, bytes, format, target);
  const isRaw = codec === 'rle' || codec === 'deflate';
  if (isRaw && format.bitsAllocated === 1) return finish(unpackBits(raw.bytes, 0, 1, countOf(format)), format);
  const values = isRaw
    ? keepStoredBits(integersOf(raw.bytes, format.bitsAllocated, format.isSigned), format)
    : storedValues(raw, format);
  const mixed = raw.isPlanar ? interleave(values, raw.samples) : values;
  return finish(mixed, { ...format, photometric: colourAfter(codec, format) });
}

/** JPEG 2000 turns its own colour transforms back, and our JPEG codec gives RGB. */
function colourAfter(codec: CompressedCodec, { photometric, samples, bitsAllocated }: PixelFormat): string {
  if (samples < 3) return photometric;
  const isBaseline = codec === 'jpeg' && bitsAllocated === 8 && /^YBR_(FULL_422|PARTIAL|FULL)/.test(photometric);
  return isBaseline || /^YBR_(ICT|RCT)$/.test(photometric) ? 'RGB' : photometric;
}

/** Codecs give a number of `precision` bits; its sign is the object's to say, since many codestreams are wrong about it. */
function storedValues(raw: RawFrame, { bitsStored, isSigned }: PixelFormat): IntegerArray {
  const values = integersOf(raw.bytes, raw.precision, isSigned);
  if (raw.isSigned && isSigned) return values;
  const bits = Math.min(raw.precision, bitsStored);
  // An overshoot of a lossy codec: what lies above the stored bits is no overlay here, and must not wrap round.
  if (raw.isLossy && !isSigned) return values.map((value) => Math.min(value, 2 ** bits - 1));
  return keepStoredBits(values, { bitsStored: bits, highBit: bits - 1, isSigned });
}

export interface NativeBytes {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Of the frame in them: frames of single bits start within a byte. */
  readonly firstBit: number;
  readonly encoding: Encoding;
  readonly vr: string | undefined;
}

export function decodeNativeFrame({ bytes, firstBit, encoding, vr }: NativeBytes, format: PixelFormat): DecodedFrame {
  const { bitsAllocated, isFloat, isSigned } = format;
  const isByteWide = bitsAllocated % 8 === 0 && bitsAllocated !== 24;
  // PS3.5 section 8.1.1: what is kept in words is swapped by words, whatever its own width.
  const width = isByteWide ? Math.max(bitsAllocated / 8, vr === 'OW' ? 2 : 1) : vr === 'OW' ? 2 : 1;
  const ordered = encoding.littleEndian || width === 1 ? bytes : bytes.slice();
  if (ordered !== bytes) swapBytes(ordered, width);
  if (isFloat) return finish(floatsOf(ordered, bitsAllocated), format);
  const values = isByteWide
    ? integersOf(ordered, bitsAllocated, isSigned)
    : unpackBits(ordered, firstBit, bitsAllocated, countOf(format));
  const kept = keepStoredBits(values, format);
  if (format.photometric === 'YBR_FULL_422') return finish(spreadColour(kept), { ...format, photometric: 'YBR_FULL' });
  return finish(format.isPlanar ? interleave(kept, format.samples) : kept, format);
}

const countOf = ({ rows, columns, samples }: PixelFormat): number => rows * columns * samples;

function floatsOf(bytes: Uint8Array<ArrayBuffer>, bits: number): SampleArray {
  const { buffer } = bytes.slice();
  return bits === 32 ? new Float32Array(buffer) : new Float64Array(buffer);
}

function finish(
  values: SampleArray,
  { rows, columns, photometric, samples, bitsStored, palette }: PixelFormat,
): DecodedFrame {
  const size = { rows, columns };
  if (values instanceof Float32Array || values instanceof Float64Array || samples === 2 || samples === 4)
    return { ...size, samples, photometric, data: values };
  if (palette !== undefined) return { ...size, samples: 3, photometric: 'RGB', data: applyPalette(values, palette) };
  const isYbr = samples === 3 && photometric.startsWith('YBR_FULL');
  const data = isYbr ? rgbOfYbr(values, bitsStored) : values;
  return { ...size, samples, photometric: isYbr ? 'RGB' : photometric, data };
}
