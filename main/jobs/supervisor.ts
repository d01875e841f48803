// The other end of main/cli/sfumato.mjs, the process that stops this one when it cannot stop itself.
// Where nobody supervises (tests, a debugger), nothing is told and nothing comes.

type Message =
  /** Delete this file or folder if the process ends now. */
  | { readonly tell: 'unfinished'; readonly path: string }
  | { readonly tell: 'finished'; readonly path: string }
  /** What to say if the process is ended now. */
  | { readonly tell: 'running'; readonly where: string; readonly remedy: string }
  /** The work is over and everything was said; only native threads may still delay the exit. */
  | { readonly tell: 'ended'; readonly code: number };

// The variable is inherited by our own child processes too, which are not supervised: hence the process it names.
const isSupervised = () => process.env['SFUMATO_SUPERVISOR'] === String(process.ppid) && process.connected;

export function tellSupervisor(message: Message): void {
  if (isSupervised()) process.send?.(message);
}

/** Calls `cancel` when the supervisor asks to stop; ends the process if the supervisor is gone. */
export function heedSupervisor(cancel: () => void): void {
  if (!isSupervised()) return;
  process.on('message', cancel);
  process.on('disconnect', () => process.exit());
}
