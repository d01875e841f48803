import { mkdtempSync, writeFileSync } from 'node:fs';
import { arch, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Problem, type ProblemKind } from '../../ml/check/problem.ts';
import { fileProblem } from '../files/fileProblem.ts';
import { product } from './product.ts';

/** What is said of a failure, to a person in one line and to a machine in one event. */
export interface Failure {
  readonly kind: ProblemKind | 'bug';
  readonly what: string;
  readonly where: string;
  readonly remedy: string;
}

function toProblem(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (error instanceof RangeError && /allocation failed|Invalid typed array length/.test(error.message)) {
    return new Problem('memory', 'there is not enough memory', 'this machine', 'Close other programs or ask for less.');
  }
  // The disk's fault or the file's, whichever of our services it met.
  const path = error instanceof Error && 'path' in error && typeof error.path === 'string' ? error.path : 'files';
  const said = fileProblem(error, path);
  return said instanceof Problem ? said : undefined;
}

/** The stack, without the values that were typed: a log may be sent on, names of files and patients may not. */
function writeLog(error: unknown, argv: readonly string[]): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const values = argv
    .filter((word) => !word.startsWith('-') && /[^a-z]/.test(word))
    .toSorted((a, b) => b.length - a.length);
  const text = values.reduce((rest, value) => rest.replaceAll(value, '...'), stack);
  const file = join(mkdtempSync(join(tmpdir(), 'sfumato-')), 'error.log');
  writeFileSync(file, `sfumato ${product.version}, Node ${process.version}, ${platform()} ${arch()}\n${text}\n`, {
    mode: 0o600,
  });
  return file;
}

/**
 * Sorts what was thrown: cancelled, expected, or a bug of ours, whose stack is then written to a log.
 *
 * @param signal Of the person's interruption; whatever a stopped command throws, it was stopped.
 */
export function toFailure(error: unknown, signal: AbortSignal, argv: readonly string[]): Failure {
  const problem = toProblem(signal.aborted ? signal.reason : error);
  if (problem) return { kind: problem.kind, what: problem.what, where: problem.where, remedy: problem.remedy };
  return {
    kind: 'bug',
    what: 'a mistake of ours stopped the work',
    where: writeLog(error, argv),
    remedy: 'Please report it with this log, which names no image.',
  };
}
