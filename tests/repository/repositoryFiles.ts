import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** Paths of all files that are, or would be, committed, relative to the repository. */
export function repositoryFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  return listed.split('\0').filter((path) => path !== '' && existsSync(resolve(root, path)));
}

/** The text of a file; undefined where it is binary. */
export function textOf(path: string): string | undefined {
  const bytes = readFileSync(resolve(root, path));
  return bytes.subarray(0, 8192).includes(0) ? undefined : bytes.toString('utf8');
}
