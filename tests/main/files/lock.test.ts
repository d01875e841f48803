import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lockFolder } from '../../../main/files/lock.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const does = 'is at work here';

const lockOf = (folder: string, holder: object | string): void => {
  const text = typeof holder === 'string' ? holder : JSON.stringify({ ...holder, does });
  writeFileSync(join(folder, 'lock.json'), text);
};

async function withChild(use: (id: number) => Promise<void>): Promise<number> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  const gone = once(child, 'exit');
  try {
    await use(child.pid!);
  } finally {
    child.kill('SIGKILL');
    await gone;
  }
  return child.pid!;
}

describe('lockFolder', () => {
  it('refuses a folder that a living process holds, and names both', async () => {
    const folder = temporaryFolder();
    await withChild(async (id) => {
      lockOf(folder, { host: hostname(), process: id, started: null });
      await expect(lockFolder(folder, does)).rejects.toMatchObject({
        kind: 'data',
        where: folder,
        message: expect.stringContaining(`process ${id} of ${hostname()} is at work here`) as string,
      });
    });
    expect(readdirSync(folder)).toEqual(['lock.json']);
  });

  it('takes over what a killed process left, whole or half written', async () => {
    const folder = temporaryFolder();
    lockOf(folder, { host: hostname(), process: await withChild(() => Promise.resolve()), started: null });
    await (
      await lockFolder(folder, does)
    )();
    const other = temporaryFolder();
    lockOf(other, '{"host');
    await expect(lockFolder(other, does)).resolves.toBeInstanceOf(Function);
  });

  it.runIf(process.platform === 'linux')('takes over what a process left that is dead but still listed', async () => {
    const folder = temporaryFolder();
    // The shell becomes a sleep that never asks after its child.
    const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60']);
    const id = Number((await once(parent.stdout, 'data')).toString());
    const lock = { host: hostname(), process: id, started: null };
    lockOf(folder, lock);
    await expect(lockFolder(folder, does)).rejects.toMatchObject({ kind: 'data' });
    process.kill(id, 'SIGKILL');
    await expect(lockFolder(folder, does)).resolves.toBeInstanceOf(Function);
    parent.kill('SIGKILL');
  });

  it.runIf(process.platform === 'linux')('does not take another process for the one that had its number', async () => {
    const folder = temporaryFolder();
    await withChild(async (id) => {
      lockOf(folder, { host: hostname(), process: id, started: '1' });
      await expect(lockFolder(folder, does)).resolves.toBeInstanceOf(Function);
    });
  });

  it('believes the lock of another computer', async () => {
    const folder = temporaryFolder();
    lockOf(folder, { host: 'elsewhere', process: 1, started: null });
    await expect(lockFolder(folder, does)).rejects.toMatchObject({ kind: 'data' });
  });

  it.runIf(process.platform === 'linux')('is held against its own process too', async () => {
    const folder = temporaryFolder();
    const unlock = await lockFolder(folder, does);
    await expect(lockFolder(folder, does)).rejects.toMatchObject({ kind: 'data' });
    await unlock();
    await expect(lockFolder(folder, does)).resolves.toBeInstanceOf(Function);
  });

  it('waits for a lock that is just being written', async () => {
    const folder = temporaryFolder();
    lockOf(folder, '{"host');
    setTimeout(() => {
      lockOf(folder, { host: 'elsewhere', process: 1, started: null });
    }, 200);
    await expect(lockFolder(folder, does)).rejects.toMatchObject({ kind: 'data' });
  });

  it('leaves no trace where nothing came to be, and all that did', async () => {
    const folder = temporaryFolder();
    const [empty, full] = [join(folder, 'empty'), join(folder, 'full')];
    await (
      await lockFolder(empty, does)
    )();
    expect(existsSync(empty)).toBe(false);
    const unlock = await lockFolder(full, does);
    writeFileSync(join(full, 'run.json'), '{}');
    await unlock();
    expect(readdirSync(full)).toEqual(['run.json']);
  });
});
