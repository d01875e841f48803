import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const status = '/proc/self/status';

/** Whether the system tells, and forgets when told to, how much memory the process had at most (Linux, proc(5): clear_refs). */
const isCounted = existsSync(status);

const kibibytes = (field: string): number =>
  Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(readFileSync(status, 'utf8'))?.[1] ?? NaN);

/** Does `work`; the most memory, in bytes, that the process had meanwhile more than before, where the system counts it. */
export async function peakGrowth<Result>(
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly grown: number | undefined }> {
  if (!isCounted) return { result: await work(), grown: undefined };
  // 5: the peak is what it is now.
  writeFileSync('/proc/self/clear_refs', '5');
  const before = kibibytes('VmRSS');
  const result = await work();
  return { result, grown: (kibibytes('VmHWM') - before) * 2 ** 10 };
}
