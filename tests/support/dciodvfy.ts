import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);

function isInstalled(): Promise<boolean> {
  // Without a file it prints how it is used, and fails.
  return run('dciodvfy', ['-version']).then(
    () => true,
    (error: unknown) => !(error instanceof Error && 'code' in error && error.code === 'ENOENT'),
  );
}

/** Installs the checker of DICOM objects that the tests of written ones need, where the system is Debian and we may. */
export async function installDciodvfy(say: (line: string) => void): Promise<void> {
  if (await isInstalled()) return;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    say('installing with apt-get: dicom3tools (about 20 MB)');
    await run('apt-get', ['update', '-qq']);
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'dicom3tools'], { env: environment });
  }
  if (await isInstalled()) return;
  say('dciodvfy IS NOT INSTALLED: the tests of written DICOM files will fail. Install dicom3tools (Debian has it).');
}

/** What dciodvfy (David Clunie, dicom3tools) calls errors in a file. */
export async function dciodvfyErrors(path: string): Promise<readonly string[]> {
  const output = await run('dciodvfy', [path]).catch((error: unknown) => {
    if (error instanceof Error && 'stderr' in error && 'stdout' in error)
      return error as unknown as { stdout: string; stderr: string };
    throw error;
  });
  if (!/^\w/m.test(output.stderr + output.stdout)) throw new Error('dciodvfy said nothing: is dicom3tools installed?');
  return `${output.stdout}\n${output.stderr}`.split('\n').filter((line) => line.startsWith('Error'));
}
