import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { Problem } from '../../ml/check/problem.ts';
import { writeFileAtomically } from './atomic.ts';
import { errorCode, fileProblem } from './fileProblem.ts';

/**
 * Reads a JSON file of ours; undefined where there is none.
 *
 * @throws Problem 'data' where it is damaged or cannot be read.
 */
export async function readRecord<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
): Promise<z.output<Schema> | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw fileProblem(error, path);
  }
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const what = `the file is damaged: ${issue?.path.join('.')}: ${issue?.message}`;
  throw new Problem('data', what, path, 'Put it aside, or get it back from a copy.');
}

export const writeRecord = (path: string, value: unknown): Promise<void> =>
  writeFileAtomically(path, `${JSON.stringify(value, undefined, 2)}\n`, { existing: 'replace' });

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
