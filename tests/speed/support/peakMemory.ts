import { readFile } from 'node:fs/promises';

/** Most memory (MiB) that a running process had resident since it was started, by the Linux kernel's count. */
export async function peakMemory(processId: number): Promise<number> {
  // Not getrusage's: that one also counts what the parent had resident at the fork.
  const status = await readFile(`/proc/${processId}/status`, 'utf8');
  const kibibytes = /^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1];
  if (kibibytes === undefined) throw new Error(`no VmHWM in the status of process ${processId}`);
  return Number(kibibytes) / 1024;
}
