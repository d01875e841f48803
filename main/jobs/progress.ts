import { createTimeLeft } from './timeLeft.ts';

/** How far a job is. */
export interface Progress {
  readonly label: string;
  readonly done: number;
  readonly total: number;
  /** Null until enough was done to tell. */
  readonly secondsLeft: number | null;
}

export type ReportProgress = (progress: Progress) => void;

/**
 * Reports a job's steps with the time left: call the result with what is done so far.
 *
 * @param start What is already done; above 0 where a job is resumed.
 */
export function createProgress(
  label: string,
  total: number,
  report: ReportProgress,
  start = 0,
): (done: number) => void {
  const timeLeft = createTimeLeft(() => performance.now() / 1000, start);
  return (done) => {
    report({ label, done, total, secondsLeft: timeLeft(done, total) });
  };
}
