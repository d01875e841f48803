import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import yauzl from 'yauzl';
import { Problem } from '../../../../ml/check/problem.ts';
import { fileProblem } from '../../../files/fileProblem.ts';
import type { Entry } from './entry.ts';

/** A larger object must be taken out of the archive first, since those within are unpacked in memory. */
const largestEntry = 2 ** 31 - 1;

/** No deflate stream unpacks to more than 1032 times its length (zlib, "Maximum Compression Factor"). */
const largestRatio = 1032;

/** Whether a file starts as zip archives do. */
export async function isArchive(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const start = new Uint8Array(4);
    await file.read(start, 0, 4, 0);
    return start[0] === 0x50 && start[1] === 0x4b && start[2] === 3 && start[3] === 4;
  } finally {
    await file.close();
  }
}

/** Opens the file anew for each range, so that nothing has to be closed. */
class RangeReader extends yauzl.RandomAccessReader {
  readonly path: string;

  constructor(path: string) {
    super();
    this.path = path;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return createReadStream(this.path, { start, end: end - 1 });
  }
}

/**
 * The files in a zip archive. An archive that claims more than can be in it is refused before anything is unpacked; what unpacks to more
 * than it claims stops there.
 *
 * @throws Problem `data` where it is damaged, encrypted, or made to exhaust memory.
 */
export async function entriesOf(path: string): Promise<readonly Entry[]> {
  const { size } = await stat(path).catch((error: unknown) => {
    throw fileProblem(error, path);
  });
  try {
    const options = { lazyEntries: true, autoClose: false, validateEntrySizes: true };
    const archive = await yauzl.fromRandomAccessReaderPromise(new RangeReader(path), size, options);
    const found: yauzl.Entry[] = [];
    for await (const entry of archive.eachEntry()) if (!entry.fileName.endsWith('/')) found.push(entry);
    refuseBomb(found, size, path);
    return found.map((entry) => archiveEntry(archive, entry, path));
  } catch (error) {
    throw damaged(error, path);
  }
}

function refuseBomb(entries: readonly yauzl.Entry[], size: number, path: string): void {
  const packed = entries.reduce((sum, { compressedSize }) => sum + compressedSize, 0);
  const worst = entries.find(
    ({ compressedSize, uncompressedSize }) => uncompressedSize > compressedSize * largestRatio,
  );
  // Entries that lie over one another are how a small archive claims to be huge.
  if (packed <= size && worst === undefined) return;
  const what = 'the archive claims to hold more than it can';
  throw new Problem('data', what, path, 'Do not trust this file; get it again from its source.');
}

function archiveEntry(archive: yauzl.ZipFile, entry: yauzl.Entry, file: string): Entry {
  const path = `${file}/${entry.fileName}`;
  return {
    path,
    file,
    open: async () => {
      if (entry.isEncrypted())
        throw new Problem('data', 'the archive is encrypted', path, 'Unpack it with its password and name the folder.');
      if (entry.uncompressedSize > largestEntry)
        throw new Problem('data', 'the file is too large to be read within its archive', path, 'Unpack the archive.');
      try {
        return { path, bytes: await buffer(await archive.openReadStreamPromise(entry)) };
      } catch (error) {
        throw damaged(error, path);
      }
    },
  };
}

function damaged(error: unknown, path: string): unknown {
  const told = fileProblem(error, path);
  if (told instanceof Problem || !(error instanceof Error)) return told;
  const remedy = 'Copy or download the archive again.';
  return new Problem('data', `the archive is damaged: ${error.message}`, path, remedy, { cause: error });
}
