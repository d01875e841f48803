import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { fileProblem } from '../../../files/fileProblem.ts';
import { isFolder } from '../../../files/folder.ts';

/**
 * Every file in a folder and the folders within, by name. Links to folders are followed; a folder that several ways lead to, or a circle, is
 * entered once.
 *
 * @param entered Where folders really are that need not be entered any more.
 * @throws Problem `data` where a folder cannot be read.
 */
export async function* filesWithin(folder: string, entered = new Set<string>()): AsyncGenerator<string, void> {
  const found = await list(folder, entered);
  for (const entry of found.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() || (entry.isSymbolicLink() && (await isFolder(path)))) yield* filesWithin(path, entered);
    else if (entry.isFile() || entry.isSymbolicLink()) yield path;
  }
}

/** Nothing where the folder was entered before. */
async function list(folder: string, entered: Set<string>) {
  try {
    const place = await realpath(folder);
    if (entered.has(place)) return [];
    entered.add(place);
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    throw fileProblem(error, folder);
  }
}
