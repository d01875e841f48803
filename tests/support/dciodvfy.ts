import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { SystemPart } from './debian.ts';

const run = promisify(execFile);

/** The checker of DICOM objects that the tests of written ones need. */
export const dciodvfy: SystemPart = {
  name: 'dciodvfy',
  packages: ['dicom3tools'],
  size: '20 MB',
  isInstalled: () =>
    // Without a file it prints how it is used, and fails.
    run('dciodvfy', ['-version']).then(
      () => true,
      (error: unknown) => !(error instanceof Error && 'code' in error && error.code === 'ENOENT'),
    ),
};

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
