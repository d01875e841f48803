import { readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { Problem } from '../../../ml/check/problem.ts';
import { fileProblem } from '../../files/fileProblem.ts';
import { temporaryBeside } from '../../files/temporary.ts';
import { product } from '../../product/product.ts';
import { openModel, readModel, type Model } from './folder.ts';

/** Where models live: those that came with the product, and the person's own. */
export interface Library {
  readonly shipped: string;
  readonly own: string;
}

export interface Shelved {
  readonly source: keyof Library;
  readonly folder: string;
  /** The model, or why its folder cannot be used. */
  readonly model: Model | Problem;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** XDG Base Directory on Linux, its counterparts elsewhere; SFUMATO_HOME overrides all. */
export function homeFolder(environment: Environment = process.env, platform = process.platform): string {
  const { SFUMATO_HOME: own, XDG_DATA_HOME: xdg, APPDATA: roaming } = environment;
  if (own) return resolve(own);
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'sfumato');
  if (platform === 'win32') return join(roaming ?? join(homedir(), 'AppData', 'Roaming'), 'sfumato');
  return join(xdg ?? join(homedir(), '.local', 'share'), 'sfumato');
}

export function findLibrary(environment: Environment = process.env, platform = process.platform): Library {
  return { shipped: join(product.resources, 'models'), own: join(homeFolder(environment, platform), 'models') };
}

async function listFolders(parent: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(parent, { withFileTypes: true });
    // A name with a dot in front is one that is still being written.
    return entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map((entry) => join(parent, entry.name));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw new Problem('data', 'the model library cannot be read', parent, 'Check its permissions.', { cause: error });
  }
}

async function shelve(source: keyof Library, folder: string): Promise<Shelved> {
  try {
    return { source, folder, model: await readModel(folder) };
  } catch (error) {
    if (error instanceof Problem) return { source, folder, model: error };
    throw error;
  }
}

/** Every model of the library, the person's own first, by the name of its folder. Only the descriptions are read. */
export async function listModels(library: Library): Promise<readonly Shelved[]> {
  const shelves = await Promise.all(
    (['own', 'shipped'] as const).map(async (source) => {
      const folders = await listFolders(library[source]);
      return Promise.all(folders.toSorted().map((folder) => shelve(source, folder)));
    }),
  );
  return shelves.flat();
}

/**
 * Opens a model by its name in the library (the person's own goes before a shipped one) or by the path of its folder,
 * and verifies every file of it.
 */
export async function openModelNamed(nameOrFolder: string, library: Library): Promise<Model> {
  const models = await listModels(library);
  const named = models.find(({ model }) => !(model instanceof Problem) && model.description.name === nameOrFolder);
  return openModel(named?.folder ?? nameOrFolder);
}

/**
 * Removes a model of the person's own, broken or not, by its name or that of its folder.
 *
 * @returns The folder that is no more.
 * @throws Problem 'usage' where there is none of that name, or it came with the product.
 */
export async function removeModel(name: string, library: Library): Promise<string> {
  const isNamed = ({ folder, model }: Shelved): boolean =>
    model instanceof Problem ? basename(folder) === name : model.description.name === name;
  const named = (await listModels(library)).find(isNamed);
  if (!named) throw new Problem('usage', 'no model of the library has this name', name, 'See `sfumato models list`.');
  if (named.source === 'shipped')
    throw new Problem('usage', 'this model came with the product', name, 'Only your own can be removed.');
  // A name with a dot in front is not listed, so what is half removed is no model.
  const aside = temporaryBeside(named.folder);
  await rename(named.folder, aside).catch((error: unknown) => {
    throw fileProblem(error, named.folder);
  });
  await rm(aside, { recursive: true, force: true });
  return named.folder;
}
