import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Whether something built is missing, or older than any file of the folders it was built from. */
export function isStale(built: string, sources: readonly string[]): boolean {
  const made = timeOf(built);
  return made === undefined || sources.some((source) => newestIn(source) > made);
}

const timeOf = (path: string): number | undefined => statSync(path, { throwIfNoEntry: false })?.mtimeMs;

function newestIn(folder: string): number {
  const files = readdirSync(folder, { withFileTypes: true, recursive: true });
  return Math.max(
    0,
    ...files.filter((entry) => entry.isFile()).map((entry) => timeOf(join(entry.parentPath, entry.name)) ?? 0),
  );
}
