import type { PixelFormat } from '../pixels/format.ts';
import type { Codec } from '../transferSyntax.ts';
import { inflateStart } from '../byteReader.ts';
import { type CodestreamHeader, readJpeg2000Header, readJpegHeader } from './codestream.ts';
import { nameColours } from './jpeg/colours.ts';
import { decodeExtendedJpeg } from './jpeg/extended.ts';
import { decodeLosslessJpeg } from './jpeg/lossless.ts';
import type { RawFrame } from './rawFrame.ts';
import { decodeRle } from './rle.ts';
import { Undecodable } from './undecodable.ts';
import { decodeWebAssembly } from './webAssembly.ts';

export type CompressedCodec = Exclude<Codec, 'native' | 'unsupported'>;

/**
 * Decodes one frame. No codec is asked before the frame has said the size that the object says.
 *
 * @throws Undecodable, or whatever a codec throws at damage.
 */
export async function decodeCompressed(
  codec: CompressedCodec,
  bytes: Uint8Array<ArrayBuffer>,
  format: PixelFormat,
  target?: ArrayBuffer,
): Promise<RawFrame> {
  if (codec === 'rle' || codec === 'deflate') return decodeBytewise(codec, bytes, format);
  const isJpeg = codec === 'jpeg' || codec === 'jpeg-ls';
  const header = isJpeg ? readJpegHeader(bytes) : readJpeg2000Header(bytes);
  if (header === undefined) throw new Undecodable('it is damaged at its start');
  checkSize(header, format);
  if (isJpeg) return decodeJpeg(bytes, header, format.photometric, target);
  if (header.precision > 16) throw new Undecodable(`it has ${header.precision} bits a sample, and 16 can be read`);
  return decodeWebAssembly(codec, bytes, target);
}

function checkSize(header: CodestreamHeader, { rows, columns, samples }: PixelFormat): void {
  if (header.rows === rows && header.columns === columns && header.samples === samples) return;
  const size = (of: { rows: number; columns: number; samples: number }) => `${of.columns} x ${of.rows} x ${of.samples}`;
  throw new Undecodable(`it is ${size(header)} in size where the file says ${size({ rows, columns, samples })}`);
}

async function decodeBytewise(
  codec: 'rle' | 'deflate',
  bytes: Uint8Array<ArrayBuffer>,
  format: PixelFormat,
): Promise<RawFrame> {
  const { rows, columns, samples, bitsAllocated } = format;
  const width = Math.ceil(bitsAllocated / 8);
  const pixels = rows * columns;
  // A single-bit segmentation is packed in RLE too, where it is allowed at all.
  const length = bitsAllocated === 1 ? Math.ceil((pixels * samples) / 8) : pixels * samples * width;
  const [packed, units] = bitsAllocated === 1 ? [length, 1] : [pixels, samples];
  const decoded =
    codec === 'rle' ? decodeRle(bytes, { pixels: packed, samples: units, width }) : await inflateStart(bytes, length);
  if (decoded === undefined || decoded.length < length) throw new Undecodable('it is cut off or damaged');
  const isPlanar = codec === 'deflate' && format.isPlanar;
  return {
    bytes: decoded,
    rows,
    columns,
    samples,
    precision: bitsAllocated,
    isSigned: format.isSigned,
    isPlanar,
    isLossy: false,
  };
}

function decodeJpeg(
  bytes: Uint8Array,
  header: CodestreamHeader,
  photometric: string,
  target: ArrayBuffer | undefined,
): RawFrame | Promise<RawFrame> {
  const { process, precision, samples } = header;
  if (process === 0xf7) return decodeWebAssembly('jpeg-ls', bytes, target);
  if (process === 0xc3) return decodeLosslessJpeg(bytes);
  if (process !== 0xc0 && process !== 0xc1 && process !== 0xc2)
    throw new Undecodable('it is hierarchical or arithmetic JPEG, which cannot be read');
  if (precision === 12 && samples === 1) return decodeExtendedJpeg(bytes);
  if (precision !== 8) throw new Undecodable(`it is JPEG with ${samples} x ${precision} bits, which cannot be read`);
  if (samples !== 3 || header.namesColours === true) return decodeWebAssembly('jpeg', bytes, target);
  return decodeWebAssembly('jpeg', nameColours(bytes, photometric === 'RGB' ? 'RGB' : 'YCbCr'), target);
}
