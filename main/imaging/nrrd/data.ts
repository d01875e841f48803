import type { FileFacts } from '../../files/content.ts';
import { contentFrom, readChunks } from '../../files/content.ts';
import { dataFileNames } from '../dataFileNames.ts';
import type { EncodedData } from '../encodedData.ts';
import { checkLength } from '../encodedData.ts';
import { siblingFiles } from '../siblingFiles.ts';
import type { NrrdHeader } from './header.ts';
import { brokenNrrd } from './text.ts';

/**
 * Where the numbers are: behind the header, in one file beside it, or in several, each with its share.
 *
 * @throws Problem `data` where a file is missing or too short for what the header claims.
 */
export async function findNrrdData(header: NrrdHeader, file: FileFacts): Promise<readonly EncodedData[]> {
  const { fields, list, bytes } = header.text;
  const named = fields.get('datafile');
  const names = named === undefined ? undefined : dataFileNames(named, list, file.path);
  const files = names === undefined ? [file] : await siblingFiles(names, file.path);
  const count = header.voxelBytes / header.type.bytes / files.length;
  if (!Number.isInteger(count)) throw brokenNrrd(`its voxels do not divide among ${files.length} files`, file.path);
  if (files.length > 1 && header.encoding === 'ascii') throw brokenNrrd('text in several files', file.path);
  const parts: EncodedData[] = [];
  for (const one of files) {
    const start = await behindLines(one, names === undefined ? bytes : 0, header.lineSkip);
    const part = startOf(header, one, start, count);
    checkLength(part, count, header.type);
    parts.push(part);
  }
  return parts;
}

function startOf({ encoding, byteSkip, type }: NrrdHeader, file: FileFacts, start: number, count: number): EncodedData {
  if (encoding === 'ascii') return { file, start, encoding, skip: 0 };
  if (byteSkip >= 0) return { file, start, encoding: encoding === 'raw' ? 'raw' : 'compressed', skip: byteSkip };
  if (encoding !== 'raw') throw brokenNrrd('byte skip -1 goes with raw data only', file.path);
  return { file, start: Math.max(start, file.size - count * type.bytes), encoding, skip: 0 };
}

/** The byte behind the first `lines` lines from `start` on. */
async function behindLines(file: FileFacts, start: number, lines: number): Promise<number> {
  let [at, left] = [start, lines];
  if (left === 0) return start;
  for await (const chunk of readChunks(contentFrom(file, start, false))) {
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, end + 1)) {
      if (--left === 0) return at + end + 1;
    }
    at += chunk.length;
  }
  throw brokenNrrd(`it has fewer than ${lines} lines to skip`, file.path);
}
