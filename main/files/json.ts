import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { Problem } from '../../ml/check/problem.ts';
import { errorCode, fileProblem } from './fileProblem.ts';

/** The content of a file is not as it should be; the file itself can be read. */
export class DamagedFile extends Problem {}

/**
 * Reads a JSON file.
 *
 * @param remedy What to do about a file that is not as the schema wants it.
 * @returns undefined where there is no such file.
 * @throws DamagedFile naming the field; Problem 'data' where it cannot be read.
 */
export async function readJson<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  remedy = 'Correct the file.',
): Promise<z.infer<Schema> | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw fileProblem(error, path);
  }
  const parsed = schema.safeParse(parseJson(text, path, remedy));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join('.') ?? '';
  throw new DamagedFile('data', issue?.message ?? 'not what is expected', field ? `${path}: ${field}` : path, remedy);
}

function parseJson(text: string, path: string, remedy: string): unknown {
  try {
    // A byte order mark is no JSON, and Windows editors write one.
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new DamagedFile('data', 'this is not JSON', path, remedy, { cause });
  }
}
