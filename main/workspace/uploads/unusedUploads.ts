import { readdir, rm } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { JobQueue } from '../jobs/jobQueue.ts';
import type { Notices } from '../records/notices.ts';
import { isPutAside } from '../records/records.ts';
import type { StudyLibrary } from '../studies/library.ts';
import type { DatasetList } from '../training/datasetList.ts';
import type { RunShelf } from '../training/runShelf.ts';
import { foldersOf, type WorkspacePaths } from '../workspace.ts';

interface Workspace {
  readonly paths: WorkspacePaths;
  readonly library: StudyLibrary;
  readonly datasets: DatasetList;
  readonly runs: RunShelf;
  readonly queue: JobQueue;
  readonly notices: Notices;
}

/**
 * Removes the uploads that nothing refers to. While a record is damaged or cannot be read, nobody knows what it refers to, and all are kept. A
 * failure is told and disturbs nothing else.
 *
 * @param leading Looks only at the upload that this path leads into, where there is one: others may be on their way.
 */
export async function removeUnusedUploads(workspace: Workspace, leading?: string): Promise<void> {
  const { paths, notices } = workspace;
  try {
    const uploads = (await foldersOf(paths.uploads)).map((name) => join(paths.uploads, name));
    const candidates = uploads.filter((upload) => leading === undefined || isWithin(leading, upload));
    if (candidates.length === 0) return;
    const inUse = await pathsInUse(workspace);
    if (notices.list().length > 0 || (await hasPutAside(paths))) return;
    const unused = candidates.filter(
      (upload) => !inUse.some((path) => isWithin(path, upload) || isWithin(upload, path)),
    );
    for (const upload of unused) await rm(upload, { recursive: true, force: true });
  } catch (error) {
    notices.tell(error);
  }
}

async function pathsInUse({ library, datasets, runs, queue }: Workspace): Promise<string[]> {
  const [studies, folders, starts] = await Promise.all([library.list(), datasets.folders(), runs.starts()]);
  return [...studies.map(({ path }) => path), ...folders, ...starts.map(({ folder }) => folder), ...queue.sources()];
}

async function hasPutAside({ root, studies, runs }: WorkspacePaths): Promise<boolean> {
  for (const parent of [studies, runs])
    for (const name of await foldersOf(parent)) if (await holdsPutAside(join(parent, name))) return true;
  return holdsPutAside(root);
}

const holdsPutAside = async (folder: string): Promise<boolean> => (await readdir(folder)).some(isPutAside);

const isWithin = (path: string, folder: string): boolean => path === folder || path.startsWith(folder + sep);
