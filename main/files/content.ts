// What is in a file, unpacked where the file is gzip: told by its first bytes and never by its name.

import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createUnzip } from 'node:zlib';
import { Problem } from '../../ml/check/problem.ts';
import { errorCode, fileProblem } from './fileProblem.ts';

export interface FileFacts {
  readonly path: string;
  /** Bytes on the disk. */
  readonly size: number;
  /** Whether the content is a gzip or zlib stream. */
  readonly compressed: boolean;
  /** Where the content begins on the disk: behind a header of another kind, or 0. */
  readonly start: number;
  /** The content cannot be longer than this, once unpacked. */
  readonly mostBytes: number;
}

/** No deflate stream unpacks to more than 1032 times its length (zlib, "Maximum Compression Factor"). */
const largestRatio = 1032;

/** @throws Problem `data` where the path is missing, unreadable, a folder, or an empty file. */
export async function inspectFile(path: string): Promise<FileFacts> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const start = new Uint8Array(2);
      const { bytesRead } = await file.read(start, 0, 2, 0);
      if (bytesRead === 0) throw new Problem('data', 'the file is empty', path, 'Get the file again from its source.');
      const compressed = bytesRead === 2 && start[0] === 0x1f && start[1] === 0x8b;
      return contentFrom({ path, size }, 0, compressed);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileProblem(error, path);
  }
}

/** The content of a file from a byte on, packed or not whatever the file begins with. */
export function contentFrom(
  { path, size }: Pick<FileFacts, 'path' | 'size'>,
  start: number,
  compressed: boolean,
): FileFacts {
  const bytes = Math.max(0, size - start);
  return { path, size, compressed, start, mostBytes: compressed ? bytes * largestRatio : bytes };
}

/** The first `length` unpacked bytes, or all where there are fewer. Reads no farther. */
export async function readStart(file: FileFacts, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const target = new Uint8Array(length);
  let filled = 0;
  for await (const chunk of readChunks(file)) {
    const part = chunk.subarray(0, length - filled);
    target.set(part, filled);
    filled += part.length;
    if (filled === length) break;
  }
  return target.subarray(0, filled);
}

/** Compressed content that goes on this long behind what is wanted is not read to its end. */
const patience = 1 << 26;

/**
 * The unpacked bytes `[offset, offset + length)`, or those of them that there are. A gzip file is read to its end, so that
 * its checksum is checked, unless that is very far off.
 *
 * @throws Problem `data` where the compressed data is cut off or damaged, `memory` where `length` bytes do not fit.
 */
export async function readBytes(file: FileFacts, offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const target = allocate(length, file.path);
  let position = file.compressed ? 0 : offset;
  let filled = 0;
  for await (const chunk of readChunks(file, position)) {
    const part = chunk.subarray(Math.max(0, offset - position), Math.max(0, offset + length - position));
    target.set(part, filled);
    filled += part.length;
    position += chunk.length;
    if (filled === length && (!file.compressed || position > offset + length + patience)) break;
  }
  return target.subarray(0, filled);
}

/** The unpacked bytes in order; `skip` bytes of what lies on the disk are left out. */
export async function* readChunks({ path, compressed, start }: FileFacts, skip = 0): AsyncGenerator<Uint8Array> {
  const stream = createReadStream(path, { start: start + skip, highWaterMark: 1 << 20 });
  const unpacked: Readable = compressed ? stream.pipe(createUnzip({ chunkSize: 1 << 20 })) : stream;
  stream.on('error', (error) => unpacked.destroy(error));
  try {
    for await (const chunk of unpacked) yield chunk as Uint8Array;
  } catch (error) {
    throw errorCode(error)?.startsWith('Z_') === true ? damagedGzip(path, error) : fileProblem(error, path);
  } finally {
    stream.destroy();
  }
}

function damagedGzip(path: string, cause: unknown): Problem {
  const what = errorCode(cause) === 'Z_BUF_ERROR' ? 'the compressed data is cut off' : 'the compressed data is damaged';
  return new Problem('data', what, path, 'Copy or download the file again.', { cause });
}

function allocate(length: number, path: string): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(length);
  } catch (error) {
    const what = `${Math.ceil(length / 2 ** 20)} MiB do not fit in memory`;
    throw new Problem('memory', what, path, 'Close other programs, or use a computer with more memory.', {
      cause: error,
    });
  }
}
