import { Problem } from '../../ml/check/problem.ts';
import { heedSupervisor, tellSupervisor } from '../jobs/supervisor.ts';

export interface Interruption {
  /** Aborted by Ctrl-C (or SIGTERM, SIGHUP) with a `cancelled` Problem as its reason. */
  readonly signal: AbortSignal;
  /** From here on the command of this name is what is stopped. */
  readonly begin: (where: string) => void;
  /** Says from here on how to go on after a stop, in a sentence. */
  readonly resumeBy: (remedy: string) => void;
}

export function createInterruption(): Interruption {
  const controller = new AbortController();
  let running = { where: 'sfumato', remedy: 'Nothing was begun: run the command again.' };
  const cancel = (): void => {
    controller.abort(new Problem('cancelled', 'stopped', running.where, running.remedy));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, cancel);
  heedSupervisor(cancel);
  const update = (change: Partial<typeof running>): void => {
    running = { ...running, ...change };
    tellSupervisor({ tell: 'running', ...running });
  };
  return {
    signal: controller.signal,
    begin: (where) => {
      update({ where, remedy: 'Run the command again to start over.' });
    },
    resumeBy: (remedy) => {
      update({ remedy });
    },
  };
}
