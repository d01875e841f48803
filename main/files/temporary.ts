// Names under which files and folders grow before they get their own.

import { randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Beside `path`, so that a rename is enough at the end. */
export const temporaryBeside = (path: string): string =>
  join(dirname(path), `.${basename(path).slice(0, 100)}.${randomUUID()}.partial`);

/** Removes what a killed process was still writing into a folder. Nobody else may be writing there now. */
export async function removeTemporaries(folder: string): Promise<void> {
  for (const name of await readdir(folder))
    if (/^\..+\.partial(\.old)?$/.test(name)) await rm(join(folder, name), { recursive: true, force: true });
}
