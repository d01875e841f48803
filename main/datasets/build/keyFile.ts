import { chmod, rm } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { Problem } from '../../../ml/check/problem.ts';
import { writeFileAtomically } from '../../files/atomic.ts';

/** Who is who: kept by the lab, apart from the data set. */
export interface Key {
  readonly salt: string;
  readonly cases: readonly {
    readonly id: string;
    readonly patient: string;
    readonly images: readonly string[];
    readonly labels: readonly string[];
  }[];
}

/** @throws Problem 'usage' where the key would lie in the data set, and be given away with it. */
export function refuseKeyWithin(path: string, folder: string): void {
  const way = relative(resolve(folder), resolve(path));
  if (way.startsWith(`..${sep}`) || isAbsolute(way)) return;
  throw new Problem('usage', 'the key would lie in the data set', path, 'Keep it elsewhere: it tells who is who.');
}

/**
 * Writes the key, readable by its owner alone.
 *
 * @returns Removes it again, for a data set that did not come to be.
 * @throws Problem 'data' where it exists or cannot be written.
 */
export async function writeKey(path: string, key: Key): Promise<() => Promise<void>> {
  await writeFileAtomically(path, `${JSON.stringify(key, null, 2)}\n`);
  await chmod(path, 0o600);
  return () => rm(path, { force: true });
}
