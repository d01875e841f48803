import { mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Problem } from '../../../../ml/check/problem.ts';
import { findLibrary, listModels, openModelNamed, removeModel } from '../../../../main/services/models/library.ts';
import { writeModel } from '../../../../main/services/models/write.ts';
import { exampleModel } from './exampleModel.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const named = (name: string, version = '1.0.0') => ({
  ...exampleModel,
  description: { ...exampleModel.description, name, version },
});

function emptyLibrary() {
  const folder = temporaryFolder();
  return { shipped: join(folder, 'shipped'), own: join(folder, 'own') };
}

describe('findLibrary', () => {
  it('follows SFUMATO_HOME before all else, then the custom of the system', () => {
    expect(findLibrary({ SFUMATO_HOME: '/lab', XDG_DATA_HOME: '/data' }, 'linux').own).toBe('/lab/models');
    expect(findLibrary({ XDG_DATA_HOME: '/data' }, 'linux').own).toBe('/data/sfumato/models');
    expect(findLibrary({}, 'linux').own).toBe(join(homedir(), '.local/share/sfumato/models'));
    expect(findLibrary({}, 'darwin').own).toBe(join(homedir(), 'Library/Application Support/sfumato/models'));
  });

  it('finds the shipped models beside the code', () => {
    expect(findLibrary().shipped).toBe(join(import.meta.dirname, '../../../../resources/models'));
  });
});

describe('listModels', () => {
  it('finds nothing where there is no library yet', async () => {
    expect(await listModels(emptyLibrary())).toEqual([]);
  });

  it('lists own and shipped models, and says which folder is no model', async () => {
    const library = emptyLibrary();
    await writeModel(join(library.shipped, 'b'), named('b'));
    await writeModel(join(library.own, 'a'), named('a'));
    mkdirSync(join(library.own, 'broken'));
    mkdirSync(join(library.own, '.a.half.partial'));
    writeFileSync(join(library.own, 'notes.txt'), '');
    const models = await listModels(library);
    expect(
      models.map(({ source, model }) => [source, model instanceof Problem ? model.kind : model.description.name]),
    ).toEqual([
      ['own', 'a'],
      ['own', 'model'],
      ['shipped', 'b'],
    ]);
  });
});

describe('openModelNamed', () => {
  it('takes a name, the own model before the shipped one of that name', async () => {
    const library = emptyLibrary();
    await writeModel(join(library.shipped, 'a'), named('a', '1.0.0'));
    await writeModel(join(library.own, 'tuned'), named('a', '1.0.1'));
    expect((await openModelNamed('a', library)).description.version).toBe('1.0.1');
  });

  it('takes the path of a model folder', async () => {
    const folder = join(temporaryFolder(), 'run', 'model');
    await writeModel(folder, named('a'));
    expect((await openModelNamed(folder, emptyLibrary())).folder).toBe(folder);
  });

  it('refuses what is neither', async () => {
    await expect(openModelNamed('nothing', emptyLibrary())).rejects.toMatchObject({ kind: 'model' });
  });
});

describe('removeModel', () => {
  it('removes a model of the own shelf, a broken one by its folder, and nothing else', async () => {
    const library = emptyLibrary();
    await writeModel(join(library.own, 'a'), named('a'));
    await writeModel(join(library.shipped, 'b'), named('b'));
    mkdirSync(join(library.own, 'broken'));
    expect(await removeModel('a', library)).toBe(join(library.own, 'a'));
    await removeModel('broken', library);
    await expect(removeModel('b', library)).rejects.toThrow('this model came with the product');
    await expect(removeModel('../shipped/b', library)).rejects.toThrow('no model of the library has this name');
    expect((await listModels(library)).map(({ folder }) => folder)).toEqual([join(library.shipped, 'b')]);
  });
});
