import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileProblem } from '../../../files/fileProblem.ts';

/**
 * Every file in a folder and the folders within, by name. Links to folders are not followed: they may lead in a circle.
 *
 * @throws Problem `data` where a folder cannot be read.
 */
export async function* filesWithin(folder: string): AsyncGenerator<string, void> {
  const found = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw fileProblem(error, folder);
  });
  for (const entry of found.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesWithin(path);
    else if (entry.isFile() || entry.isSymbolicLink()) yield path;
  }
}
