import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inspectFile, readBytes, readStart } from '../../../main/files/content.ts';

const bytes = Uint8Array.from({ length: 3_000_000 }, (_, n) => (n * n) >> 7);
let folder: string;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'content-'));
  await writeFile(at('plain'), bytes);
  await writeFile(at('packed'), gzipSync(bytes));
  await writeFile(at('two-members'), Buffer.concat([gzipSync(bytes.subarray(0, 999)), gzipSync(bytes.subarray(999))]));
  await writeFile(at('cut'), gzipSync(bytes).subarray(0, -1000));
  const damaged = gzipSync(bytes);
  damaged.writeUInt32LE(1, damaged.length - 8);
  await writeFile(at('wrong-checksum'), damaged);
  await writeFile(at('empty'), '');
  await symlink(at('nowhere'), at('dangling'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('file content', () => {
  it.each(['plain', 'packed', 'two-members'])('of a %s file is read by its bytes, whatever its name', async (name) => {
    const file = await inspectFile(at(name));
    expect(file.compressed).toBe(name !== 'plain');
    expect(Buffer.compare(await readStart(file, 540), bytes.subarray(0, 540))).toBe(0);
    expect(Buffer.compare(await readBytes(file, 352, 2_000_000), bytes.subarray(352, 2_000_352))).toBe(0);
    expect(Buffer.compare(await readBytes(file, 2_999_000, 5000), bytes.subarray(2_999_000))).toBe(0);
  });

  it('never claims more bytes than a gzip file can hold', async () => {
    const zeros = new Uint8Array(5_000_000);
    await writeFile(at('zeros'), gzipSync(zeros));
    const { mostBytes } = await inspectFile(at('zeros'));
    expect(mostBytes).toBeGreaterThanOrEqual(zeros.length);
    expect((await inspectFile(at('plain'))).mostBytes).toBe(bytes.length);
  });

  it('refuses what is cut off, damaged, empty, a folder, a link to nowhere or not there, naming it', async () => {
    const problem = async (name: string) => {
      const path = at(name);
      const error: unknown = await inspectFile(path)
        .then((file) => readBytes(file, 0, bytes.length))
        .catch((e: unknown) => e);
      expect(error).toMatchObject({ name: 'Problem', kind: 'data', where: path });
      return (error as Error).message;
    };
    expect(await problem('cut')).toMatch(/cut off/);
    expect(await problem('wrong-checksum')).toMatch(/damaged/);
    await expect(readBytes(await inspectFile(at('wrong-checksum')), 0, 1000)).rejects.toThrow(/damaged/);
    expect(await problem('empty')).toMatch(/empty/);
    expect(await problem('')).toMatch(/folder/);
    expect(await problem('dangling')).toMatch(/no such file/);
    expect(await problem('missing')).toMatch(/no such file/);
  });

  it('says when bytes do not fit in memory', async () => {
    const file = await inspectFile(at('plain'));
    await expect(readBytes(file, 0, 2 ** 52)).rejects.toMatchObject({ kind: 'memory' });
  });
});
