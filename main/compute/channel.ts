import { constants, setPriority } from 'node:os';

/** A process that messages go to and come from: a forked Node, or Electron's utility process. */
export interface Channel {
  readonly process: number | undefined;
  send(message: object): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, when the process is no more. `signal`: what ended it, where the system says. */
  onEnd(listener: (code: number | null, signal: string | null) => void): void;
  kill(): void;
}

/** Starts a compute process. */
export type StartProcess = () => Channel;

/** Leaves the processor to whatever else wants it. */
export const atLowPriority =
  (start: StartProcess): StartProcess =>
  () => {
    const channel = start();
    if (channel.process !== undefined) setPriority(channel.process, constants.priority.PRIORITY_LOW);
    return channel;
  };
