import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { type Oracles, oraclePython } from './oracles.ts';

export interface PythonOptions {
  /** Which packages the script can import; `torch` only in long tests and the bench. Default `plain`. */
  readonly oracles?: Oracles;
  /** What the script reads from its standard input. Default nothing. */
  readonly input?: string | Uint8Array;
}

/**
 * Runs a Python script among the packages that tests compare us with.
 *
 * @param script Its text; it ends by printing one JSON value (`json.dumps(..., allow_nan=False)`: JSON knows no NaN).
 *   Large arrays travel better as files.
 * @param args   Its `sys.argv[1:]`.
 * @returns What it printed; the caller vouches for the type.
 * @throws Error with the script's standard error where it fails or prints something else.
 */
export async function runPython<T>(script: string, args: readonly string[], options: PythonOptions = {}): Promise<T> {
  const child = spawn(oraclePython(options.oracles ?? 'plain'), ['-I', '-c', script, ...args]);
  // A script that ends without reading its input closes the pipe; its exit code tells whether that was right.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  if (child.exitCode !== 0)
    throw new Error(`Python ended with ${child.exitCode ?? child.signalCode ?? 'nothing'}:\n${errors}`);
  try {
    return JSON.parse(output) as T;
  } catch (cause) {
    throw new Error(`Python printed no JSON: ${output.slice(0, 500)}\n${errors}`, { cause });
  }
}
