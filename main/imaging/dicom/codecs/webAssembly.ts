// The codecs of the Cornerstone project: CharLS, OpenJPEG, OpenJPH and libjpeg-turbo, compiled to WebAssembly.

import loadCharLs from '@cornerstonejs/codec-charls/decodewasmjs';
import loadLibJpegTurbo from '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs';
import loadOpenJpeg from '@cornerstonejs/codec-openjpeg/decodewasmjs';
import loadOpenJph from '@cornerstonejs/codec-openjph';
import { z } from 'zod';
import type { RawFrame } from './rawFrame.ts';

/** One decoding; it owns memory of the module until it is deleted. */
interface Decoder {
  getEncodedBuffer(length: number): Uint8Array;
  decode(): unknown;
  getDecodedBuffer(): Uint8Array;
  getFrameInfo(): unknown;
  getInterleaveMode?(): number;
  delete(): void;
}

type DecoderClass = new () => Decoder;

export type WebAssemblyCodec = 'jpeg' | 'jpeg-ls' | 'jpeg-2000' | 'htj2k';

const codecs: Readonly<Record<WebAssemblyCodec, { load: typeof loadCharLs; name: string }>> = {
  jpeg: { load: loadLibJpegTurbo, name: 'JPEGDecoder' },
  'jpeg-ls': { load: loadCharLs, name: 'JpegLSDecoder' },
  'jpeg-2000': { load: loadOpenJpeg, name: 'J2KDecoder' },
  htj2k: { load: loadOpenJph, name: 'HTJ2KDecoder' },
};

const frameInfo = z.object({
  width: z.int().positive(),
  height: z.int().positive(),
  bitsPerSample: z.int().positive().default(8),
  componentCount: z.int().positive(),
  isSigned: z.boolean().default(false),
});

/** The codecs report on their own standard output and error; ours belong to the person. */
const silent = () => ({ print: () => undefined, printErr: () => undefined });

const loaded = new Map<WebAssemblyCodec, Promise<DecoderClass>>();

async function loadDecoder(codec: WebAssemblyCodec): Promise<DecoderClass> {
  const { load, name } = codecs[codec];
  const module = z.record(z.string(), z.unknown()).parse(await load(silent()));
  return z.custom<DecoderClass>((value) => typeof value === 'function').parse(module[name]);
}

/**
 * @param target Where the samples are put if they fit.
 * @throws Whatever the codec throws at a damaged frame.
 */
export async function decodeWebAssembly(
  codec: WebAssemblyCodec,
  compressed: Uint8Array,
  target?: ArrayBuffer,
): Promise<RawFrame> {
  let decoderClass = loaded.get(codec);
  if (decoderClass === undefined) loaded.set(codec, (decoderClass = loadDecoder(codec)));
  const decoder = new (await decoderClass)();
  try {
    decoder.getEncodedBuffer(compressed.length).set(compressed);
    decoder.decode();
    const info = frameInfo.parse(decoder.getFrameInfo());
    const frame = {
      bytes: copied(decoder.getDecodedBuffer(), target),
      rows: info.height,
      columns: info.width,
      samples: info.componentCount,
      precision: info.bitsPerSample,
      isSigned: info.isSigned,
      isPlanar: decoder.getInterleaveMode?.() === 0 && info.componentCount > 1,
      isLossy: codec === 'jpeg',
    };
    decoder.delete();
    return frame;
  } catch (error) {
    // What a codec leaves behind after an error is not to be trusted with the next frame.
    loaded.delete(codec);
    throw error;
  }
}

function copied(bytes: Uint8Array, target: ArrayBuffer | undefined): Uint8Array<ArrayBuffer> {
  const fits = target !== undefined && target.byteLength >= bytes.length;
  const copy = new Uint8Array(fits ? target : new ArrayBuffer(bytes.length), 0, bytes.length);
  copy.set(bytes);
  return copy;
}
