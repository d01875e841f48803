import { setTimeout as pause } from 'node:timers/promises';
import type { Comparison, Contest } from './comparison.ts';

/** `ours` and `theirs` are medians over `runs`, in `unit`; `ratio` is ours / theirs, below 1 is better. */
export interface Measurement {
  readonly name: string;
  readonly unit: string;
  readonly ours: number;
  readonly theirs: number;
  readonly against: string;
  readonly ratio: number;
  readonly runs: number;
}

/** Threads of either side spin for some milliseconds after their work before they sleep. */
const quietMilliseconds = 100;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}

/** Measures both sides in turn, each first in every other round, so that a machine that slows down slows both. */
async function rounds(contest: Contest, count: number): Promise<{ ours: number[]; theirs: number[] }> {
  const values = { ours: [] as number[], theirs: [] as number[] };
  for (let round = 0; round < count; round++) {
    for (const side of round % 2 === 0 ? (['ours', 'theirs'] as const) : (['theirs', 'ours'] as const)) {
      await pause(quietMilliseconds);
      values[side].push(await contest[side]());
    }
  }
  return values;
}

/** Runs one comparison: prepared, warmed up, measured, disposed of, whatever happens. */
export async function measure(comparison: Comparison, runs: number): Promise<Measurement> {
  const { name, unit, against, warmups } = comparison;
  const contest = await comparison.prepare();
  try {
    await rounds(contest, warmups);
    const values = await rounds(contest, runs);
    const [ours, theirs] = [median(values.ours), median(values.theirs)];
    return { name, unit, ours, theirs, against, ratio: ours / theirs, runs };
  } finally {
    await contest.dispose();
  }
}
