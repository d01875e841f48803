// The bytes of an object, wherever they are: as much as is asked for and no more.

import { closeSync, fstatSync, open, openSync, read, readSync } from 'node:fs';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { createInflateRaw } from 'node:zlib';
import { Problem } from '../../../ml/check/problem.ts';
import { inspectFile, readBytes } from '../../files/content.ts';
import { errorCode, fileProblem } from '../../files/fileProblem.ts';
import { DirectReading } from './directReading.ts';

/** Gives a buffer of at least so many bytes. */
export type TakeRoom = (bytes: number) => ArrayBuffer;

export interface ByteReader {
  /**
   * The bytes from `offset` on, at most `length`: fewer where the object ends, or its compression is damaged.
   *
   * @param take Where to put them; not asked where they are in memory already, or have to be unpacked.
   * @throws Problem `data` where the file cannot be read, `memory` where the bytes do not fit.
   */
  read(offset: number, length: number, take?: TakeRoom): Promise<Uint8Array<ArrayBuffer>>;
  /** Reading costs as much as reading all that lies before. */
  readonly isCompressed: boolean;
}

export function memoryReader(bytes: Uint8Array<ArrayBuffer>): ByteReader {
  return { isCompressed: false, read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)) };
}

export function fileReader(path: string): ByteReader {
  return { isCompressed: false, read: (offset, length, take) => readPart(path, offset, length, take) };
}

export function gzipReader(path: string): ByteReader {
  return {
    isCompressed: true,
    read: async (offset, length) => {
      const file = await inspectFile(path);
      return readBytes(file, offset, Math.min(length, Math.max(0, file.mostBytes - offset)));
    },
  };
}

/** Raw deflate (RFC 1951), as PS3.5 section A.5 wants it. */
export function deflateReader(packed: Uint8Array<ArrayBuffer>): ByteReader {
  return {
    isCompressed: true,
    read: async (offset, length) => (await inflateStart(packed, offset + length)).subarray(offset),
  };
}

/** No more than a header takes, bytes. */
const shortPart = 2 ** 16;

/** The largest read that a file descriptor takes at once. */
const mostAtOnce = 2 ** 30;

/** A `FileHandle` costs twice as much, which is felt in folders of thousands of files. */
const descriptors = { open: promisify(open), read: promisify(read) };

/** Of all files: those of one scan lie on one disk. */
const directReading = new DirectReading();

async function readPart(
  path: string,
  offset: number,
  length: number,
  take?: TakeRoom,
): Promise<Uint8Array<ArrayBuffer>> {
  const isDirect = directReading.isNext();
  const isShort = length <= shortPart;
  const start = performance.now();
  try {
    const file = isDirect ? openSync(path, 'r') : await descriptors.open(path, 'r');
    try {
      // Of a short part the end of the file is found by reading it: one call less for each file of a folder.
      const left = isShort ? length : fstatSync(file).size - offset;
      const target = allocate(Math.max(0, Math.min(length, left)), path, take);
      if (!isDirect || !isShort) return await fill(target, file, offset);
      return target.subarray(0, readSync(file, target, 0, length, offset));
    } finally {
      // What was only read has nothing to wait for.
      closeSync(file);
      if (isDirect && isShort) directReading.took(performance.now() - start);
    }
  } catch (error) {
    throw fileProblem(error, path);
  }
}

/** Reads until `target` is full, or the file ends. */
async function fill(target: Uint8Array<ArrayBuffer>, file: number, offset: number): Promise<Uint8Array<ArrayBuffer>> {
  let filled = 0;
  while (filled < target.length) {
    const part = target.subarray(filled, filled + mostAtOnce);
    const { bytesRead } = await descriptors.read(file, part, 0, part.length, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return target.subarray(0, filled);
}

function allocate(
  length: number,
  path: string,
  // What is not read into is never given away, so it need not be zero.
  take: TakeRoom = (bytes) => Buffer.allocUnsafeSlow(bytes).buffer,
): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(take(length), 0, length);
  } catch (error) {
    const what = `${Math.ceil(length / 2 ** 20)} MiB do not fit in memory`;
    const remedy = 'Close other programs, or use a computer with more memory.';
    throw new Problem('memory', what, path, remedy, { cause: error });
  }
}

/** The first bytes of a deflate stream, at most `length`; what comes before damage where it is damaged. */
export async function inflateStart(packed: Uint8Array<ArrayBuffer>, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let filled = 0;
  const stream = Readable.from([packed]).pipe(createInflateRaw({ chunkSize: 1 << 16 }));
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      chunks.push(chunk.subarray(0, length - filled));
      filled += chunk.length;
      if (filled >= length) break;
    }
  } catch (error) {
    if (errorCode(error)?.startsWith('Z_') !== true) throw error;
  }
  const whole = new Uint8Array(Math.min(filled, length));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
