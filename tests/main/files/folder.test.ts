import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeFolderAtomically } from '../../../main/files/folder.ts';
import { removeTemporaries, temporaryBeside } from '../../../main/files/temporary.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

/** Leaves one file in the folder. */
const fill = (content: string) => (folder: string) => {
  writeFileSync(join(folder, 'a.txt'), content);
  return Promise.resolve(content.length);
};

describe('writeFolderAtomically', () => {
  it('gives the folder its name when it is whole, making those above it', async () => {
    const parent = join(temporaryFolder(), 'above');
    expect(await writeFolderAtomically(join(parent, 'folder'), fill('new'))).toBe(3);
    expect(readdirSync(parent)).toEqual(['folder']);
  });

  it('refuses one that exists, or replaces it whole', async () => {
    const parent = temporaryFolder();
    const folder = join(parent, 'folder');
    mkdirSync(folder);
    writeFileSync(join(folder, 'b.txt'), 'old');
    await expect(writeFolderAtomically(folder, fill('new'))).rejects.toMatchObject({ kind: 'data', where: folder });
    expect(readdirSync(folder)).toEqual(['b.txt']);
    await writeFolderAtomically(folder, fill('new'), 'replace');
    expect(readdirSync(folder)).toEqual(['a.txt']);
    expect(readdirSync(parent)).toEqual(['folder']);
  });

  it('leaves everything as it was where filling fails', async () => {
    const parent = temporaryFolder();
    const folder = join(parent, 'folder');
    mkdirSync(folder);
    writeFileSync(join(folder, 'a.txt'), 'old');
    const failing = async (temporary: string): Promise<never> => {
      await fill('new')(temporary);
      throw new Error('no more');
    };
    await expect(writeFolderAtomically(folder, failing, 'replace')).rejects.toThrow('no more');
    expect(readdirSync(parent)).toEqual(['folder']);
    expect(readFileSync(join(folder, 'a.txt'), 'utf8')).toBe('old');
  });

  it('says which part of the path is no folder', async () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    const folder = join(file, 'folder');
    await expect(writeFolderAtomically(folder, fill('new'))).rejects.toMatchObject({ kind: 'data', where: folder });
  });
});

describe('removeTemporaries', () => {
  it('removes what killed writers left and nothing else', async () => {
    const folder = temporaryFolder();
    mkdirSync(temporaryBeside(join(folder, 'model')));
    mkdirSync(`${temporaryBeside(join(folder, 'model'))}.old`);
    writeFileSync(temporaryBeside(join(folder, 'a.txt')), '');
    for (const name of ['a.txt', '.hidden', 'b.partial']) writeFileSync(join(folder, name), '');
    await removeTemporaries(folder);
    expect(readdirSync(folder).toSorted()).toEqual(['.hidden', 'a.txt', 'b.partial']);
    expect(existsSync(folder)).toBe(true);
    expect(basename(temporaryBeside('x'.repeat(300))).length).toBeLessThan(255);
  });
});
