// The edit log: entries one after another, each its length (4 bytes, little-endian), the CRC-32 of its bytes (4 bytes), its bytes. A kill or a
// power cut can only tear the last one, and that is then dropped.

import { open, readFile, truncate } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { errorCode, fileProblem } from '../../files/fileProblem.ts';

const HEAD = 8;

export class EditLog {
  readonly #path: string;
  #last: Promise<unknown> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  /** Ends once the entry is on the disk. Entries are written in the order of the calls. */
  append(entry: Uint8Array): Promise<void> {
    return this.#inTurn(async () => {
      const framed = Buffer.alloc(HEAD + entry.length);
      framed.writeUInt32LE(entry.length, 0);
      framed.writeUInt32LE(crc32(entry), 4);
      framed.set(entry, HEAD);
      // After a torn entry nothing could be read: it goes before anything is added.
      await this.#cutTorn();
      const file = await open(this.#path, 'a');
      try {
        await file.writeFile(framed);
        await file.datasync();
      } finally {
        await file.close();
      }
    });
  }

  /** The whole entries, in order. */
  read(): Promise<readonly Uint8Array[]> {
    return this.#inTurn(async () => wholeEntries(await this.#bytes()).entries);
  }

  #isCut = false;

  /** Once a process: while it lives, what it writes is whole or the disk says so. */
  async #cutTorn(): Promise<void> {
    if (this.#isCut) return;
    const bytes = await this.#bytes();
    const { length } = wholeEntries(bytes);
    if (length < bytes.length) await truncate(this.#path, length);
    this.#isCut = true;
  }

  async #bytes(): Promise<Buffer> {
    return readFile(this.#path).catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return Buffer.alloc(0);
      throw error;
    });
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => {
      this.#isCut = false;
    });
    return done.catch((error: unknown) => {
      throw fileProblem(error, this.#path);
    });
  }
}

/** @returns The entries before the first that is cut off or damaged, and the bytes that they take. */
export function wholeEntries(log: Buffer): { readonly entries: readonly Uint8Array[]; readonly length: number } {
  const entries: Uint8Array[] = [];
  let at = 0;
  while (at + HEAD <= log.length) {
    const end = at + HEAD + log.readUInt32LE(at);
    const entry = log.subarray(at + HEAD, end);
    if (end > log.length || crc32(entry) !== log.readUInt32LE(at + 4)) break;
    entries.push(entry);
    at = end;
  }
  return { entries, length: at };
}
