import { mkdir, open, readFile, rm, rmdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { Problem } from '../../ml/check/problem.ts';
import { errorCode, fileProblem } from '../files/fileProblem.ts';

const holderSchema = z.strictObject({ host: z.string(), process: z.int().positive() });

/**
 * Keeps other processes from training in the folder until the returned function is called. The lock of a process that is no more is
 * taken over; one of another computer cannot be told from a living one and must be deleted by hand.
 *
 * @throws Problem 'data' where another process is training there.
 */
export async function lockRun(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, 'lock.json');
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw fileProblem(error, folder);
  });
  if (!(await create(path))) {
    const holder = await readHolder(path);
    if (holder && isAlive(holder)) {
      const what = `process ${holder.process} of ${holder.host} is training here`;
      throw new Problem('data', what, folder, `Stop it, or delete ${path} where there is no such process any more.`);
    }
    await rm(path, { force: true });
    await create(path);
  }
  return async () => {
    await rm(path, { force: true });
    // A folder in which nothing came to be is not left behind.
    await rmdir(folder).catch(() => undefined);
  };
}

async function create(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    await file.writeFile(JSON.stringify({ host: hostname(), process: process.pid }));
    await file.close();
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw fileProblem(error, path);
  }
}

/** Undefined where the lock is half written: whoever wrote it was killed. */
async function readHolder(path: string): Promise<z.infer<typeof holderSchema> | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  try {
    return holderSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function isAlive({ host, process: id }: z.infer<typeof holderSchema>): boolean {
  if (host !== hostname()) return true;
  if (id === process.pid) return false;
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}
