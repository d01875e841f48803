import { stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { Problem } from '../../ml/check/problem.ts';
import type { FileFacts } from '../files/content.ts';
import { inspectFile } from '../files/content.ts';
import { fileProblem } from '../files/fileProblem.ts';

/**
 * Files that another one names: beside it or below.
 *
 * @throws Problem `data` where one is missing, no plain file, or elsewhere on the disk: an image does not get to choose which
 * other files of a computer are read.
 */
export async function siblingFiles(names: readonly string[], path: string): Promise<readonly FileFacts[]> {
  const files: FileFacts[] = [];
  for (const name of names) files.push(await siblingFile(name, path));
  return files;
}

async function siblingFile(name: string, path: string): Promise<FileFacts> {
  const folder = dirname(path);
  const sibling = join(folder, name.replaceAll('\\', '/'));
  if (isAbsolute(name) || /^([a-z]:|\.\.([\\/]|$))/i.test(relative(folder, sibling))) {
    const what = `its voxels are said to be in ${name}, outside its own folder`;
    throw new Problem('data', what, path, 'Put both files into one folder and write the plain name into the header.');
  }
  const facts = await stat(sibling).catch((error: unknown) => {
    throw fileProblem(error, sibling);
  });
  if (!facts.isFile()) throw new Problem('data', 'this is no plain file', sibling, `See what ${path} names.`);
  return inspectFile(sibling);
}
