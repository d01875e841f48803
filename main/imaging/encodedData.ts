import { Problem } from '../../ml/check/problem.ts';
import type { VoxelArray } from '../../ml/volume/volume.ts';
import type { FileFacts } from '../files/content.ts';
import { contentFrom, readBytes, readChunks } from '../files/content.ts';
import type { NumberType } from './decodeNumbers.ts';
import { decodeNumbers } from './decodeNumbers.ts';

/** A run of numbers in one file, as NRRD and MetaImage store them. */
export interface EncodedData {
  readonly file: FileFacts;
  /** First byte of the encoded numbers. */
  readonly start: number;
  readonly encoding: 'raw' | 'compressed' | 'ascii';
  /** Bytes to leave out: of raw data on the disk, of compressed data once unpacked. */
  readonly skip: number;
}

/** Bytes of the file from the start of the data on, whose `mostBytes` bounds what they unpack to. */
const contentOf = ({ file, start, encoding }: EncodedData) => contentFrom(file, start, encoding === 'compressed');

/** @throws Problem `data` where the file cannot hold `count` numbers; nothing is unpacked for it. */
export function checkLength(data: EncodedData, count: number, type: NumberType): void {
  // As text a number takes a digit and, but for the last, a space.
  const needed = data.encoding === 'ascii' ? 2 * count - 1 : data.skip + count * type.bytes;
  const { mostBytes } = contentOf(data);
  if (mostBytes < needed) throw cutOff(needed, mostBytes, data.file.path);
}

/** Reads `bytes.length` bytes or, from text, numbers into their bytes. */
async function fill(data: EncodedData, bytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const read = await readBytes(contentOf(data), data.skip, bytes);
  if (read.length < bytes) throw cutOff(data.skip + bytes, data.skip + read.length, data.file.path);
  return read;
}

/** `count` numbers from files that hold an equal share each. */
export async function readNumbers(
  parts: readonly EncodedData[],
  count: number,
  type: NumberType,
  littleEndian: boolean,
): Promise<VoxelArray> {
  const [first] = parts;
  const path = first?.file.path ?? '';
  if (first?.encoding === 'ascii') return readText(first, count, type);
  const bytes = (count * type.bytes) / parts.length;
  if (first !== undefined && parts.length === 1)
    return decodeNumbers(await fill(first, bytes), type, littleEndian, path);
  const all = new Uint8Array(count * type.bytes);
  for (const [n, part] of parts.entries()) all.set(await fill(part, bytes), n * bytes);
  return decodeNumbers(all, type, littleEndian, path);
}

async function readText(data: EncodedData, count: number, type: NumberType): Promise<VoxelArray> {
  const bytes = new Uint8Array(count * type.bytes);
  const numbers = decodeNumbers(bytes, type, true, data.file.path);
  let filled = 0;
  let rest = '';
  const take = (words: readonly string[]) => {
    for (const word of words) {
      if (word === '' || filled === count) continue;
      const value = Number(word);
      if (Number.isNaN(value) && !/^nan$/i.test(word)) throw noNumber(word, data.file.path);
      numbers[filled++] = value;
    }
  };
  for await (const chunk of readChunks(contentOf(data))) {
    const words = (rest + Buffer.from(chunk).toString('latin1')).split(/[\s,]+/);
    rest = words.pop() ?? '';
    if (rest.length > 400) throw noNumber(rest, data.file.path);
    take(words);
    if (filled === count) break;
  }
  take([rest]);
  if (filled < count) throw cutOff(count, filled, data.file.path, 'numbers');
  return numbers;
}

function noNumber(word: string, path: string): Problem {
  return new Problem('data', `"${word.slice(0, 40)}" is no number`, path, 'Get the file again from its source.');
}

function cutOff(needed: number, there: number, path: string, unit = 'bytes'): Problem {
  const what = `the file is cut off: its voxels need ${needed} ${unit}, and there are at most ${there}`;
  return new Problem('data', what, path, 'Copy or download the file again.');
}
