import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Channel } from './channel.ts';

/** A compute process as a forked Node: from the TypeScript sources through tsx, from JavaScript in a build. */
export function forkProcess(): Channel {
  const entry = fileURLToPath(new URL('./process.ts', import.meta.url));
  const loader = entry.endsWith('.ts') ? ['--import', import.meta.resolve('tsx/esm')] : [];
  const child = fork(entry, [], {
    serialization: 'advanced',
    execArgv: [...loader],
    env: { ...process.env, SFUMATO_SUPERVISOR: String(process.pid) },
  });
  return {
    process: child.pid,
    send: (message) => {
      // Where the process has just ended, `onEnd` tells.
      if (child.connected) child.send(message, () => undefined);
    },
    onMessage: (listener) => {
      child.on('message', listener);
    },
    onEnd: (listener) => {
      let isOver = false;
      const end = (code: number | null, signal: string | null): void => {
        if (!isOver) listener(code, signal);
        isOver = true;
      };
      // `close` comes after the last message; `error` where the process never was.
      child.on('close', end);
      child.on('error', () => {
        end(null, null);
      });
    },
    kill: () => {
      child.kill('SIGKILL');
    },
  };
}
