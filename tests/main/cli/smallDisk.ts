import { execFileSync } from 'node:child_process';

/** Runs `work` in a folder on a disk of its own, where this machine lets us make one; tells whether it did. */
export async function onSmallDisk(folder: string, size: string, work: () => Promise<void>): Promise<boolean> {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return false;
  }
  try {
    await work();
  } finally {
    execFileSync('umount', [folder]);
  }
  return true;
}
