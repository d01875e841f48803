/** Steps shorter than this many seconds are measured together: their own times are mostly noise. */
const shortestSpan = 0.2;
const spansKept = 15;

/** From what is done of the total: the seconds left, or null until the first step is done. */
export type TimeLeft = (done: number, total: number) => number | null;

/**
 * Estimates the time left from the median pace of the latest steps: one slow step (the first one compiles, a disk sleeps)
 * hardly moves it, and a lasting change of pace is followed within a few steps.
 *
 * @param now Seconds, never going back.
 * @param start What is already done; above 0 where a job is resumed.
 */
export function createTimeLeft(now: () => number, start = 0): TimeLeft {
  const secondsPerUnit: number[] = [];
  let last = { done: start, time: now() };
  return (done, total) => {
    const time = now();
    const span = time - last.time;
    if (done > last.done && (span >= shortestSpan || secondsPerUnit.length === 0)) {
      secondsPerUnit.push(span / (done - last.done));
      if (secondsPerUnit.length > spansKept) secondsPerUnit.shift();
      last = { done, time };
    }
    const pace = secondsPerUnit.toSorted((a, b) => a - b)[secondsPerUnit.length >> 1];
    return pace === undefined ? null : Math.ceil(pace * (total - done));
  };
}
