import { execFileSync } from 'node:child_process';

/** The compute processes of hosts that this process opened, as the system lists them. */
export const computeProcesses = (): number[] =>
  execFileSync('ps', ['--ppid', String(process.pid), '-o', 'pid=,args='])
    .toString()
    .split('\n')
    .filter((line) => line.includes('compute/process'))
    .map((line) => Number.parseInt(line, 10));
