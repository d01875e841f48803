import { randomBytes } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { errorCode, fileProblem } from '../files/fileProblem.ts';
import { homeFolder } from '../services/models/library.ts';

/** The folder that holds everything the application keeps. Scans stay where they are. */
export const defaultWorkspace = (): string => join(homeFolder(), 'workspace');

/** Where a workspace keeps what; `ARCHITECTURE.md` says what each is for. */
const workspacePaths = (root: string) => ({
  root,
  settings: join(root, 'settings.json'),
  audit: join(root, 'audit.jsonl'),
  jobs: join(root, 'jobs.json'),
  studies: join(root, 'studies'),
  uploads: join(root, 'uploads'),
  datasets: join(root, 'datasets'),
  datasetList: join(root, 'datasets.json'),
  runs: join(root, 'runs'),
});

export type WorkspacePaths = ReturnType<typeof workspacePaths>;

export async function openWorkspace(folder: string): Promise<WorkspacePaths> {
  const paths = workspacePaths(resolve(folder));
  for (const one of [paths.studies, paths.uploads, paths.datasets, paths.runs]) await makeFolder(one);
  return paths;
}

export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch((error: unknown) => {
    throw fileProblem(error, path);
  });
}

/** The folders within a folder, by name; none where it is not there. */
export async function foldersOf(path: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(({ name }) => name)
      .toSorted();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw fileProblem(error, path);
  }
}

/** A name for something new: 64 bits, hexadecimal. */
export const newId = (): string => randomBytes(8).toString('hex');
