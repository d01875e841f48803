import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The oldest Python that the pinned packages have wheels for. */
const oldest = '3.11';

const candidates = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python'];

const probe = `import sys, venv, ensurepip; sys.exit(sys.version_info[:2] < (${oldest.replace('.', ', ')}))`;

async function works(command: string): Promise<boolean> {
  return run(command, ['-c', probe]).then(
    () => true,
    () => false,
  );
}

async function firstThatWorks(): Promise<string | undefined> {
  for (const command of candidates) if (await works(command)) return command;
  return undefined;
}

/** The command of a Python that can make virtual environments. On Debian it is installed where we may; elsewhere its absence is an error. */
export async function findInterpreter(say: (line: string) => void): Promise<string> {
  const found = await firstThatWorks();
  if (found !== undefined) return found;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    say('installing with apt-get: python3, python3-venv (about 50 MB)');
    await run('apt-get', ['update', '-qq']);
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'python3', 'python3-venv'], {
      env: environment,
    });
    const installed = await firstThatWorks();
    if (installed !== undefined) return installed;
  }
  throw new Error(
    `The tests compare us with Python packages: install Python ${oldest} or newer with its venv module (Debian: python3 python3-venv).`,
  );
}
