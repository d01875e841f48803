import { mkdir, open, readFile, rm, rmdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { Problem } from '../../ml/check/problem.ts';
import { errorCode, fileProblem } from './fileProblem.ts';

const holderSchema = z.strictObject({
  host: z.string(),
  process: z.int().positive(),
  /** Tells a process from a later one of the same number, where the system says it. */
  started: z.string().nullable(),
  does: z.string(),
});

type Holder = z.infer<typeof holderSchema>;

/**
 * Keeps other processes out of the folder until the returned function is called. The lock of a process that is no more is taken over; one of
 * another computer cannot be told from a living one and must be deleted by hand.
 *
 * @param does What this process does with the folder, as another is told: `is training here`.
 * @throws Problem 'data' where another process holds the folder.
 */
export async function lockFolder(folder: string, does: string): Promise<() => Promise<void>> {
  const path = join(folder, 'lock.json');
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw fileProblem(error, folder);
  });
  while (!(await create(path, does))) {
    const holder = await livingHolder(path);
    if (holder) {
      const what = `process ${holder.process} of ${holder.host} ${holder.does}`;
      throw new Problem('data', what, folder, `Stop it, or delete ${path} where there is no such process any more.`);
    }
    await rm(path, { force: true });
  }
  return async () => {
    await rm(path, { force: true });
    // A folder in which nothing came to be is not left behind.
    await rmdir(folder).catch(() => undefined);
  };
}

async function create(path: string, does: string): Promise<boolean> {
  const started = (await processState(process.pid))?.started ?? null;
  const holder: Holder = { host: hostname(), process: process.pid, started, does };
  try {
    const file = await open(path, 'wx');
    await file.writeFile(JSON.stringify(holder));
    await file.close();
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw fileProblem(error, path);
  }
}

/** A process that was just killed takes a moment to be gone, and one that has just begun takes one to write its lock. */
const GRACE = { looks: 10, pause: 100 };

/** Undefined where whoever wrote the lock is gone. */
async function livingHolder(path: string): Promise<Holder | undefined> {
  for (let look = 1; ; look++) {
    const holder = await readHolder(path);
    if (holder && !(await isAlive(holder))) return undefined;
    if (look === GRACE.looks) return holder;
    await setTimeout(GRACE.pause);
  }
}

/** Undefined where the lock is half written. */
async function readHolder(path: string): Promise<Holder | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  try {
    return holderSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

async function isAlive({ host, process: id, started }: Holder): Promise<boolean> {
  if (host !== hostname()) return true;
  // A container gives every run the same numbers.
  if (id === process.pid && started === null) return false;
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
