import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { invariant } from '../../ml/check/invariant.ts';

const named = z.object({ version: z.string() });

/** The nearest folder above with a package.json: the same from the sources and from a bundle. */
function findRoot(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  invariant(dirname(folder) !== folder, 'there is a package.json above the code');
  return findRoot(dirname(folder));
}

const root = findRoot(import.meta.dirname);

export const product = {
  version: named.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))).version,
  /** What is shipped beside the code: models, samples, colour maps. */
  resources: join(root, 'resources'),
};
