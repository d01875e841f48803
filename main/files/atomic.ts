import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { lstat, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Problem } from '../../ml/check/problem.ts';
import { markUnfinished } from '../jobs/unfinished.ts';
import { errorCode, fileProblem } from './fileProblem.ts';
import { temporaryBeside } from './temporary.ts';

export type FileBytes = string | Uint8Array | AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

export interface AtomicOptions {
  /** What to do where `path` exists; `refuse` unless said otherwise. */
  readonly existing?: 'refuse' | 'replace';
  /** Reads the finished temporary file back and throws where it is not what was meant; by default its SHA-256 is compared. */
  readonly verify?: (temporaryPath: string) => Promise<void>;
}

/**
 * Writes a file that is either whole or not there: into a temporary file of the same folder, flushed to the disk, read back
 * and compared, and only then given its name. The temporary file is removed on every failure.
 *
 * @throws Problem `data` naming `path`: it exists and may not be replaced, the disk is full, no permission, ...
 */
export async function writeFileAtomically(path: string, bytes: FileBytes, options: AtomicOptions = {}): Promise<void> {
  const temporary = temporaryBeside(path);
  const finished = markUnfinished(temporary);
  try {
    if (options.existing !== 'replace') await refuseExisting(path);
    const sha256 = await writeAndFlush(temporary, bytes);
    await (options.verify?.(temporary) ?? compare(temporary, sha256));
    if (options.existing !== 'replace') await refuseExisting(path);
    await rename(temporary, path);
    await flushFolder(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw fileProblem(error, path);
  } finally {
    finished();
  }
}

async function writeAndFlush(path: string, bytes: FileBytes): Promise<string> {
  const file = await open(path, 'wx');
  try {
    const sha256 = await writeChunks(file, bytes);
    await file.sync();
    return sha256;
  } finally {
    await file.close();
  }
}

/** @returns SHA-256 of what was written, in hexadecimal. */
export async function writeChunks(file: FileHandle, bytes: FileBytes): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of typeof bytes === 'string' || bytes instanceof Uint8Array ? [bytes] : bytes) {
    hash.update(chunk);
    await file.writeFile(chunk);
  }
  return hash.digest('hex');
}

async function compare(path: string, sha256: string): Promise<void> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  if (hash.digest('hex') !== sha256) throw damaged(path);
}

/** The problem of a file that does not read back as it was written. */
export const damaged = (path: string) =>
  new Problem('data', 'the file did not read back as it was written', path, 'Check the disk, or choose another.');

export async function refuseExisting(path: string): Promise<void> {
  const exists = await lstat(path).then(
    () => true,
    (error: unknown) => {
      if (errorCode(error) === 'ENOENT') return false;
      throw error;
    },
  );
  if (exists) throw new Problem('data', 'this exists already', path, 'Choose another name, or allow overwriting.');
}

/** Makes the new name itself last through a power cut. */
export async function flushFolder(path: string): Promise<void> {
  // Windows cannot open a folder, and some network disks cannot flush one; the file itself is whole either way.
  const folder = await open(path, 'r').catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}
