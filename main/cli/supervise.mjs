// Runs the command in a process of its own. Inference and training spend seconds in native calls, in which a process hears no
// signal and cannot even exit: it takes a second process to stop within a second, and to explain an end by the system.
// Plain JavaScript, so that it answers signals before the TypeScript loader is up. The other end is main/jobs/supervisor.ts.

import { fork } from 'node:child_process';
import { rmSync } from 'node:fs';

const graceMilliseconds = 800;

/** One line of failure, as main/cli/reporter.ts words it. */
function fail(code, kind, what, where, remedy) {
  if (process.argv.includes('--json')) {
    process.stdout.write(`${JSON.stringify({ event: 'error', kind, what, where, remedy })}\n`);
  }
  process.stderr.write(`${process.stderr.isTTY ? '\r\x1b[2K' : ''}error: ${what} (${where}). ${remedy}\n`);
  return code;
}

/** Why a process that could say nothing itself has ended. */
function explain(signal, stopping, { where, remedy }) {
  if (stopping) return fail(5, 'cancelled', 'stopped', where, remedy);
  // SIGKILL: the system's memory killer. SIGABRT: V8 at the end of its heap.
  if (signal === 'SIGKILL' || signal === 'SIGABRT') {
    const what = 'the system ended the work, most likely for want of memory';
    return fail(4, 'memory', what, where, 'Close other programs or ask for less.');
  }
  return fail(1, 'bug', `the work crashed with ${signal}`, where, 'Please report it with the command you ran.');
}

export function supervise(entry, runtimeFlags) {
  /** Files and folders the command is still writing. */
  const unfinished = new Set();
  let running = { where: 'sfumato', remedy: 'Nothing was begun: run the command again.' };
  let endCode;
  let stopping = false;

  const child = fork(entry, process.argv.slice(2), {
    execArgv: [...process.execArgv, ...runtimeFlags],
    env: { ...process.env, SFUMATO_SUPERVISOR: String(process.pid) },
  });
  child.on('message', (message) => {
    if (message.tell === 'unfinished') unfinished.add(message.path);
    if (message.tell === 'finished') unfinished.delete(message.path);
    if (message.tell === 'running') running = message;
    if (message.tell === 'ended') endCode = message.code;
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      if (child.connected) child.send('cancel', () => undefined);
      setTimeout(() => child.kill('SIGKILL'), graceMilliseconds).unref();
    });
  }
  // The last messages may still be on their way when the process has ended.
  let ended = 0;
  const settle = () => {
    ended += 1;
    if (ended < 2) return;
    for (const path of unfinished) rmSync(path, { recursive: true, force: true });
    process.exitCode = child.exitCode ?? endCode ?? explain(child.signalCode, stopping, running);
  };
  child.on('exit', settle);
  child.on('disconnect', settle);
}
