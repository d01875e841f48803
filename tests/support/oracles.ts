import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findInterpreter } from './interpreter.ts';

const run = promisify(execFile);

/** `plain`: what every run of the tests needs. `torch`: the same and PyTorch, for the long tests and the bench. */
export type Oracles = 'plain' | 'torch';

const lists: Record<Oracles, readonly string[]> = {
  plain: ['requirements.txt'],
  torch: ['requirements.txt', 'requirements-torch.txt'],
};

const ready = 'ready';

function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'sfumato');
}

function requirementFiles(oracles: Oracles): string[] {
  return lists[oracles].map((name) => join(import.meta.dirname, name));
}

function folder(oracles: Oracles): string {
  const hash = createHash('sha256');
  for (const file of requirementFiles(oracles)) hash.update(readFileSync(file));
  return join(cacheFolder(), `oracles-${oracles}-${hash.digest('hex').slice(0, 12)}`);
}

function interpreterIn(environment: string): string {
  return join(environment, ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']));
}

function isReady(environment: string): boolean {
  // The interpreter is a link: it dangles when the Python it was made from is gone.
  return existsSync(join(environment, ready)) && existsSync(interpreterIn(environment));
}

/** The interpreter that sees the packages. Throws where they are not installed: a fast test may not ask for `torch`. */
export function oraclePython(oracles: Oracles): string {
  const environment = folder(oracles);
  if (isReady(environment)) return interpreterIn(environment);
  throw new Error(
    `The Python packages "${oracles}" are not installed: the set-up of npm run test:long and npm run bench installs both sets, that of npm test the plain one.`,
  );
}

function sayPackages(oracles: Oracles, say: (line: string) => void): void {
  const wanted = requirementFiles(oracles)
    .flatMap((file) => readFileSync(file, 'utf8').split('\n'))
    .map((line) => /^([\w-]+)==([\w.]+)[^#]*#\s*(\d+)/.exec(line))
    .filter((match) => match !== null)
    .map(([, name, version, size]) => ({ text: `${name ?? ''} ${version ?? ''}`, size: Number(size) }));
  const total = wanted.reduce((sum, { size }) => sum + size, 0);
  say(`installing Python packages for the tests, once, about ${total} MB in ${folder(oracles)}:`);
  for (const { text, size } of wanted) say(`  ${text} (${size} MB)`);
}

/** Removes what an installation that was killed left behind: its folder bears the number of its process. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(cacheFolder())) {
    const owner = /^oracles-.*\.(\d+)$/.exec(name)?.[1];
    if (owner !== undefined && !isAlive(Number(owner)))
      await rm(join(cacheFolder(), name), { recursive: true, force: true });
  }
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Moves a finished environment to its place in one step; of two that finish at once, the first one stays. */
async function putInPlace(finished: string, environment: string): Promise<void> {
  if (existsSync(environment) && !isReady(environment))
    await rename(environment, `${environment}.broken.${process.pid}`);
  try {
    await rename(finished, environment);
  } catch (error) {
    if (!isReady(environment)) throw error;
  }
  await rm(finished, { recursive: true, force: true });
  await rm(`${environment}.broken.${process.pid}`, { recursive: true, force: true });
}

/** Makes sure that a set of Python packages is installed in the cache folder, saying what it installs. */
export async function installOracles(oracles: Oracles, say: (line: string) => void): Promise<void> {
  const environment = folder(oracles);
  if (isReady(environment)) return;
  await mkdir(cacheFolder(), { recursive: true });
  await removeLeftovers();
  const interpreter = await findInterpreter(say);
  sayPackages(oracles, say);
  const growing = `${environment}.${process.pid}`;
  await run(interpreter, ['-m', 'venv', growing]);
  const requirements = requirementFiles(oracles).flatMap((file) => ['-r', file]);
  const options = ['--quiet', '--no-deps', '--no-cache-dir', '--no-compile', '--only-binary', ':all:'];
  await run(interpreterIn(growing), ['-m', 'pip', 'install', ...options, ...requirements]);
  await writeFile(join(growing, ready), '');
  await putInPlace(growing, environment);
}
