import type { Interval } from '../../ml/evaluation/bootstrap.ts';
import type { Estimate } from './estimate.ts';

export const notRun = 'not run yet';

/** A table of Markdown. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const range = (interval: Interval | null | undefined, digits: number): string =>
  interval ? ` (${interval.low.toFixed(digits)} to ${interval.high.toFixed(digits)})` : '';

/** `0.871 (0.850 to 0.890); seeds 0.869, 0.873`. */
export function written(estimate: Estimate | undefined, digits = 3): string {
  if (!estimate) return notRun;
  const { mean, interval, seeds } = estimate;
  const each = seeds.length > 1 ? `; seeds ${seeds.map((value) => value.toFixed(digits)).join(', ')}` : '';
  return `${mean.toFixed(digits)}${range(interval, digits)}${each}`;
}

interface Summary {
  readonly mean: number;
  readonly interval?: Interval | null | undefined;
}

export const writtenSummary = (summary: Summary | null | undefined, digits = 3): string =>
  summary ? `${summary.mean.toFixed(digits)}${range(summary.interval, digits)}` : notRun;

/** What an interval of a difference says of `first > second`. */
export function verdict(gain: Estimate | undefined): string {
  if (!gain) return notRun;
  if (!gain.interval) return 'too few people to tell';
  if (gain.interval.low > 0) return 'shown';
  return gain.interval.high < 0 ? 'the opposite is shown' : 'not shown';
}
