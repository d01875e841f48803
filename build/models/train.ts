import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { openModel, type Model } from '../../main/services/models/folder.ts';
import { isThere, runPaths } from '../../main/training/run.ts';

const commandLine = join(resolve(import.meta.dirname, '..', '..'), 'main/cli/sfumato.mjs');

/** Runs a command of the product in a process of its own, as a user would; what it prints goes to the terminal. @throws Error where it fails. */
export function sfumato(args: readonly string[]): void {
  const { status } = spawnSync(process.execPath, [commandLine, ...args], { stdio: 'inherit' });
  if (status !== 0) throw new Error(`sfumato ${args[0] ?? ''} ended with ${String(status)}`);
}

/** Trains once: a finished training is taken as it is, an interrupted one goes on. @param options Of `train`, for a fresh one. */
export async function trainOnce(data: string, out: string, options: readonly string[]): Promise<Model> {
  const paths = runPaths(out);
  if (!(await isThere(paths.model))) {
    const isBegun = await isThere(paths.record);
    sfumato(['train', data, '--out', out, ...(isBegun ? ['--resume'] : options)]);
  }
  return openModel(paths.model);
}

export const asSettings = (settings: readonly string[]): readonly string[] =>
  settings.flatMap((setting) => ['--set', setting]);
