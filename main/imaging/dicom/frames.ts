import { Problem } from '../../../ml/check/problem.ts';
import type { CompressedCodec } from './codecs/decode.ts';
import type { TakeRoom } from './byteReader.ts';
import { explainFailure } from './codecs/undecodable.ts';
import { readJpeg2000Header, readJpegHeader } from './codecs/codestream.ts';
import type { DicomObject, PixelElement } from './object.ts';
import { type DecodedFrame, decodeCompressedFrame, decodeNativeFrame } from './pixels/decodeFrame.ts';
import { type PixelFormat, bitsOfFrame, readPixelFormat } from './pixels/format.ts';
import { type EncapsulatedFrames, splitFrames } from './pixels/fragments.ts';
import { tags } from './tags.ts';

export type { DecodedFrame };

/** The bytes of one frame, taken out of its file. */
export type StoredFrame =
  | { readonly codec: 'native'; readonly decode: () => DecodedFrame }
  | { readonly codec: CompressedCodec; readonly bytes: Uint8Array<ArrayBuffer>; readonly format: PixelFormat };

/**
 * One frame as numbers; see `decodeFrames` for many.
 *
 * @param index From 0.
 * @throws Problem `data`, with the file and the frame, where it is missing, cut off, damaged, or in a form that we do not read;
 *   `memory` where it does not fit.
 */
export async function decodeFrame(object: DicomObject, index: number): Promise<DecodedFrame> {
  const frame = await readStoredFrame(object, index);
  if (frame.codec === 'native') return frame.decode();
  try {
    return await decodeCompressedFrame(frame.codec, frame.bytes, frame.format);
  } catch (error) {
    throw frameProblem(object, index, explainFailure(error));
  }
}

/**
 * Where several objects or frames are to be decoded, this is the part that waits for the disk and not for a processor.
 *
 * @param take Gives room for bytes that nobody else will need, of one frame. What is decoded without a codec may lie there, too.
 */
export async function readStoredFrame(object: DicomObject, index: number, take?: TakeRoom): Promise<StoredFrame> {
  const format = readPixelFormat(object);
  const { pixels, transferSyntax } = object;
  const { codec } = transferSyntax;
  if (pixels === undefined || index >= format.frames) throw frameProblem(object, index, 'there is no such frame');
  if (codec === 'unsupported') throw unsupported(object);
  const native = { encoding: object.encoding, vr: pixels.vr };
  if (pixels.length === undefined) {
    const bytes = await readEncapsulated(object, pixels, format, index, take);
    if (codec !== 'native') return { codec, bytes, format };
    if (bytes.length * 8 < bitsOfFrame(format)) throw frameProblem(object, index, 'it is cut off');
    return { codec, decode: () => decodeNativeFrame({ bytes, firstBit: 0, ...native }, format) };
  }
  if (codec !== 'native') throw frameProblem(object, index, `it is not in items, as ${transferSyntax.name} is`);
  const stretch = { offset: pixels.offset, length: pixels.length };
  const { bytes, firstBit } = await readNative(object, stretch, format, index, take);
  return { codec, decode: () => decodeNativeFrame({ bytes, firstBit, ...native }, format) };
}

/** @param what In a few words, after the frame. */
export function frameProblem({ path }: { readonly path: string }, index: number, what: string): Problem {
  const remedy = 'Get the file again from its source; if it is the same, have the picture saved without compression.';
  return new Problem('data', `frame ${index + 1} cannot be read: ${what}`, path, remedy);
}

function unsupported({ path, transferSyntax }: DicomObject): Problem {
  const what = `pictures in ${transferSyntax.name} cannot be read`;
  return new Problem('data', what, path, 'Have them saved without compression, as JPEG-LS, or as JPEG 2000.');
}

interface Stretch {
  readonly offset: number;
  readonly length: number;
}

async function readNative(
  object: DicomObject,
  { offset, length }: Stretch,
  format: PixelFormat,
  index: number,
  take: TakeRoom | undefined,
) {
  const bits = bitsOfFrame(format);
  const start = Math.floor((bits * index) / 8);
  const firstBit = (bits * index) % 8;
  // Two bytes more at the end, so that words can be put in order.
  const wanted = Math.ceil((firstBit + bits) / 8);
  const available = Math.min(wanted, length - start);
  const reader = object.bytes.isCompressed ? await unpackedReader(object, { offset, length }, format) : object.bytes;
  const from = object.bytes.isCompressed ? start : offset + start;
  const bytes = available < wanted ? undefined : await reader.read(from, wanted, take);
  if (bytes === undefined || bytes.length < wanted)
    throw frameProblem(object, index, 'the file is cut off before its end');
  return { bytes, firstBit };
}

const unpacked = new WeakMap<DicomObject, Promise<Uint8Array<ArrayBuffer>>>();

/** All frames of an object in a gzip or deflate stream, unpacked once and no farther than its own description needs. */
async function unpackedReader(object: DicomObject, { offset, length }: Stretch, format: PixelFormat) {
  let bytes = unpacked.get(object);
  const needed = Math.min(length, Math.ceil((bitsOfFrame(format) * format.frames) / 8));
  if (bytes === undefined) unpacked.set(object, (bytes = object.bytes.read(offset, needed)));
  const whole = await bytes;
  return { read: (from: number, count: number) => Promise.resolve(whole.subarray(from, from + count)) };
}

const encapsulated = new WeakMap<DicomObject, Promise<EncapsulatedFrames>>();

async function readEncapsulated(
  object: DicomObject,
  pixels: PixelElement,
  format: PixelFormat,
  index: number,
  take: TakeRoom | undefined,
) {
  let found = encapsulated.get(object);
  if (found === undefined) {
    const isAlone = format.frames === 1;
    found = findFrames(object, pixels, format, isAlone ? take : undefined);
    if (!isAlone || take === undefined) encapsulated.set(object, found);
  }
  const { frames, isCut } = await found;
  const bytes = frames[index];
  if (bytes === undefined || bytes.length === 0 || (isCut && index === frames.length - 1))
    throw frameProblem(
      object,
      index,
      isCut ? 'the file is cut off' : `the file holds ${frames.length} of ${format.frames}`,
    );
  return bytes;
}

/** Of a frame without compression: none takes more, but what unpacks from a gzip bomb would. */
const mostGrowth = 2;
const mostOverhead = 2 ** 20;

async function findFrames(
  object: DicomObject,
  pixels: PixelElement,
  format: PixelFormat,
  take: TakeRoom | undefined,
): Promise<EncapsulatedFrames> {
  const { path, dataset, transferSyntax } = object;
  const most = ((bitsOfFrame(format) / 8) * mostGrowth + mostOverhead) * format.frames;
  const value = await object.bytes.read(pixels.offset, Math.min(most, 2 ** 31), take);
  return splitFrames(value, format.frames, {
    path,
    extended: {
      offsets: dataset.numbers(tags.ExtendedOffsetTable),
      lengths: dataset.numbers(tags.ExtendedOffsetTableLengths),
    },
    startsFrame: (bytes) =>
      transferSyntax.codec === 'rle' || (readJpegHeader(bytes) ?? readJpeg2000Header(bytes)) !== undefined,
  });
}
