import type { z } from 'zod';
import { writeFileAtomically } from './atomic.ts';
import { readJson } from './json.ts';

/**
 * Reads a JSON file of ours; undefined where there is none.
 *
 * @throws DamagedFile; Problem 'data' where it cannot be read.
 */
export const readRecord = <Schema extends z.ZodType>(
  path: string,
  schema: Schema,
): Promise<z.output<Schema> | undefined> =>
  readJson(path, schema, 'The file is damaged: put it aside, or get it back from a copy.');

export const writeRecord = (path: string, value: unknown): Promise<void> =>
  writeFileAtomically(path, `${JSON.stringify(value, undefined, 2)}\n`, { existing: 'replace' });
