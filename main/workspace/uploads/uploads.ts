import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { dirname, join, relative, resolve, isAbsolute } from 'node:path';
import { Problem } from '../../../ml/check/problem.ts';
import { fileProblem } from '../../files/fileProblem.ts';
import { makeFolder, newId } from '../workspace.ts';

/** Files that a browser sent because it does not tell where they lie. They are the only scans that the workspace holds copies of. */
export class Uploads {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async begin(): Promise<string> {
    const upload = newId();
    await makeFolder(join(this.#folder, upload));
    return upload;
  }

  /** @param name Relative, with `/`. */
  async add(upload: string, name: string, offset: number, bytes: ArrayBuffer): Promise<void> {
    const path = this.#within(upload, name);
    try {
      await mkdir(dirname(path), { recursive: true });
      const file = await open(path, offset === 0 ? 'w' : 'r+');
      try {
        await file.write(new Uint8Array(bytes), 0, bytes.byteLength, offset);
      } finally {
        await file.close();
      }
    } catch (error) {
      throw fileProblem(error, path);
    }
  }

  /** The file, where there is one alone; else the folder. */
  async finish(upload: string): Promise<string> {
    const folder = join(this.#folder, upload);
    const entries = await readdir(folder).catch((error: unknown) => {
      throw fileProblem(error, folder);
    });
    const [only, ...others] = entries;
    if (only !== undefined) return others.length === 0 ? join(folder, only) : folder;
    await rm(folder, { recursive: true, force: true });
    throw new Problem('data', 'nothing was sent', 'upload', 'Drop files or a folder that holds some.');
  }

  /** @throws Problem 'usage' where a name leads out of the upload's own folder. */
  #within(upload: string, name: string): string {
    const folder = join(this.#folder, upload);
    const path = resolve(folder, name);
    const way = relative(folder, path);
    if (way !== '' && !way.startsWith('..') && !isAbsolute(way) && !name.includes('\0')) return path;
    throw new Problem(
      'usage',
      'this name leads elsewhere',
      name.slice(0, 100),
      'Send files under names within their folder.',
    );
  }
}
