import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const scripts = {
  sfumato: new URL('../../../main/cli/sfumato.mjs', import.meta.url),
  trial: new URL('./trial.mjs', import.meta.url),
};

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Launched {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Its first output of any kind. */
  readonly spoke: Promise<unknown>;
}

/** Starts a real process in a group of its own. */
export function launch(
  script: keyof typeof scripts,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Launched {
  const child = spawn(process.execPath, [fileURLToPath(scripts[script]), ...args], {
    env: { ...process.env, SFUMATO_HOME: join(import.meta.dirname, 'nowhere'), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]).then(
    ([stdout, stderr]): Ended => ({ code: child.exitCode, stdout, stderr }),
  );
  return { process: child, ended, spoke: once(child.stdout, 'data') };
}

export const sfumato = (args: readonly string[], environment?: NodeJS.ProcessEnv): Promise<Ended> =>
  launch('sfumato', args, environment).ended;

export const trial = (args: readonly string[], environment?: NodeJS.ProcessEnv): Promise<Ended> =>
  launch('trial', args, environment).ended;

export function parseLines(stdout: string): readonly Record<string, unknown>[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
