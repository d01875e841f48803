import { mkdir, open, readFile, rm, rmdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { Problem } from '../../ml/check/problem.ts';
import { errorCode, fileProblem } from '../files/fileProblem.ts';

/** `started` tells a process from a later one of the same number, where the system says it. */
const holderSchema = z.strictObject({ host: z.string(), process: z.int().positive(), started: z.string().nullable() });

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
    if (holder && (await staysAlive(holder))) {
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
    await file.writeFile(JSON.stringify(await thisProcess()));
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

async function thisProcess(): Promise<z.infer<typeof holderSchema>> {
  return { host: hostname(), process: process.pid, started: (await processState(process.pid))?.started ?? null };
}

/** A process that was just killed takes a moment to be gone. */
const GRACE = { looks: 10, pause: 100 };

async function staysAlive(holder: z.infer<typeof holderSchema>): Promise<boolean> {
  for (let look = 1; await isAlive(holder); look++) {
    if (look === GRACE.looks) return true;
    await setTimeout(GRACE.pause);
  }
  return false;
}

async function isAlive({ host, process: id, started }: z.infer<typeof holderSchema>): Promise<boolean> {
  if (host !== hostname()) return true;
  if (id === process.pid) return false;
  try {
    process.kill(id, 0);
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
  const state = await processState(id);
  return !state || (!state.isZombie && state.started === (started ?? state.started));
}

/** What Linux knows of a process (proc(5), /proc/pid/stat, fields 3 and 22); a killed one stays listed until its parent has noticed. */
async function processState(id: number): Promise<{ readonly isZombie: boolean; readonly started: string } | undefined> {
  const text = await readFile(`/proc/${id}/stat`, 'utf8').catch(() => undefined);
  // The second field, the name in parentheses, may hold spaces.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields && { isZombie: fields[0] === 'Z', started: fields[19] ?? '' };
}
