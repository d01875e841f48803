import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, open, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Problem } from '../../../ml/check/problem.ts';
import { writeChunks, writeFileAtomically } from '../../../main/files/atomic.ts';
import { fileProblem } from '../../../main/files/fileProblem.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atomic-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const failing = (code: string) =>
  (function* () {
    yield new Uint8Array(1000);
    throw Object.assign(new Error(code), { code });
  })();

/** Runs `work` in a folder on a disk of 64 KiB. */
async function onSmallDisk(work: (folder: string) => Promise<void>): Promise<boolean> {
  const run = promisify(execFile);
  const mounted = await run('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]).then(
    () => true,
    () => false,
  );
  if (!mounted) return false;
  try {
    await work(folder);
  } finally {
    await run('umount', [folder]);
  }
  return true;
}

describe('writeFileAtomically', () => {
  it.each<[string, string | Uint8Array | Iterable<Uint8Array>]>([
    ['text', 'äbc'],
    ['bytes', Buffer.from('äbc')],
    ['chunks', [Buffer.from('ä'), Buffer.from('bc')]],
  ])('writes %s and leaves nothing else in the folder', async (_, bytes) => {
    const path = join(folder, 'a.txt');
    await writeFileAtomically(path, bytes);
    expect(await readFile(path, 'utf8')).toBe('äbc');
    expect(await readdir(folder)).toEqual(['a.txt']);
  });

  it('refuses to overwrite unless told to replace', async () => {
    const path = join(folder, 'a.txt');
    await writeFile(path, 'old');
    await expect(writeFileAtomically(path, 'new')).rejects.toThrow(/this exists already .*a\.txt/);
    expect(await readFile(path, 'utf8')).toBe('old');
    await writeFileAtomically(path, 'new', { existing: 'replace' });
    expect(await readFile(path, 'utf8')).toBe('new');
    expect(await readdir(folder)).toEqual(['a.txt']);
  });

  it('keeps the old file and removes its own when writing breaks off', async () => {
    const path = join(folder, 'a.txt');
    await writeFile(path, 'old');
    await expect(writeFileAtomically(path, failing('ENOSPC'), { existing: 'replace' })).rejects.toMatchObject({
      kind: 'data',
      what: 'the disk is full',
      where: path,
    });
    await expect(writeFileAtomically(path, failing('EIO'), { existing: 'replace' })).rejects.toThrow(
      /disk reports an error/,
    );
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['a.txt']);
  });

  it('leaves nothing where the file does not read back as meant', async () => {
    const path = join(folder, 'a.txt');
    const verify = () => Promise.reject(new Problem('data', 'differs', path, 'Try again.'));
    await expect(writeFileAtomically(path, 'abc', { verify })).rejects.toThrow('differs');
    const spoil = async (temporary: string) => writeFile(temporary, 'abd');
    await expect(
      writeFileAtomically(
        path,
        (async function* () {
          yield Buffer.from('abc');
          const [temporary] = await readdir(folder);
          await spoil(join(folder, temporary ?? ''));
        })(),
      ),
    ).rejects.toThrow('did not read back');
    expect(await readdir(folder)).toEqual([]);
  });

  it('names the path where it is a folder, or its folder is not there or is a file', async () => {
    await mkdir(join(folder, 'full', 'inner'), { recursive: true });
    const path = join(folder, 'full');
    await expect(writeFileAtomically(path, 'a', { existing: 'replace' })).rejects.toMatchObject({
      kind: 'data',
      where: path,
    });
    const lost = join(folder, 'no', 'a.txt');
    await expect(writeFileAtomically(lost, 'a')).rejects.toMatchObject({ kind: 'data', where: lost });
    await writeFile(join(folder, 'file'), '');
    const below = join(folder, 'file', 'a.txt');
    await expect(writeFileAtomically(below, 'a')).rejects.toMatchObject({ kind: 'data', where: below });
    expect(await readdir(folder)).toEqual(['file', 'full']);
  });

  it('does not overwrite a link that leads nowhere', async () => {
    const path = join(folder, 'link');
    await symlink(join(folder, 'nowhere'), path);
    await expect(writeFileAtomically(path, 'a')).rejects.toThrow('exists already');
  });

  it('says that a disk is full, and leaves nothing on it', async () => {
    const isMounted = await onSmallDisk(async (disk) => {
      const path = join(disk, 'large.bin');
      await expect(writeFileAtomically(path, new Uint8Array(1 << 20))).rejects.toMatchObject({
        kind: 'data',
        what: 'the disk is full',
        where: path,
      });
      expect(await readdir(disk)).toEqual([]);
    });
    if (isMounted) return;
    // Without the right to mount, the device that is always full has to do.
    const full = await open('/dev/full', 'w');
    const error: unknown = await writeChunks(full, new Uint8Array(1 << 20)).then(String, (e: unknown) => e);
    await full.close();
    expect(fileProblem(error, '/dev/full')).toMatchObject({ kind: 'data', what: 'the disk is full' });
  });
});
