import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Problem } from '../../ml/check/problem.ts';
import { markUnfinished } from '../jobs/unfinished.ts';
import { flushFolder } from './atomic.ts';
import { fileProblem } from './fileProblem.ts';
import { temporaryBeside } from './temporary.ts';

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** False where there is nothing of that name. */
export const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (facts) => facts.isDirectory(),
    () => false,
  );

/** @throws Problem 'data' where there is something of that name and it may not be replaced. */
export async function refuseExisting(folder: string, existing: 'refuse' | 'replace'): Promise<void> {
  if (existing === 'refuse' && (await exists(folder)))
    throw new Problem('data', 'this exists already', folder, 'Choose another name, or allow overwriting.');
}

/**
 * Makes a folder that is either whole or not there: `fill` works in a temporary one beside it, which then gets the name.
 *
 * @throws Problem 'data' where the folder exists and may not be replaced, or cannot be written.
 */
export async function writeFolderAtomically<T>(
  folder: string,
  fill: (temporary: string) => Promise<T>,
  existing: 'refuse' | 'replace' = 'refuse',
): Promise<T> {
  const temporary = temporaryBeside(folder);
  const finished = markUnfinished(temporary);
  try {
    await mkdir(temporary, { recursive: true });
    const result = await fill(temporary);
    await putInPlace(temporary, folder, existing);
    return result;
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    throw fileProblem(error, folder);
  } finally {
    finished();
  }
}

/** A folder cannot be renamed over another, so an old one steps aside first. */
async function putInPlace(temporary: string, folder: string, existing: 'refuse' | 'replace'): Promise<void> {
  await refuseExisting(folder, existing);
  const isThere = await exists(folder);
  const aside = `${temporary}.old`;
  if (isThere) await rename(folder, aside);
  await rename(temporary, folder).catch(async (error: unknown) => {
    if (isThere) await rename(aside, folder);
    throw error;
  });
  await flushFolder(dirname(folder));
  await rm(aside, { recursive: true, force: true });
}
