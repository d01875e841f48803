import { clocks } from './contrast.ts';
import type { Placed } from './groupFrames.ts';

export interface TimeOrder<Source> {
  /** `[time][place]`; only as many times as every place has. */
  readonly frames: readonly (readonly Placed<Source>[])[];
  readonly irregular: readonly string[];
}

/** Orders the frames of each place by the first clock that tells them all apart. */
export function orderInTime<Source>(places: readonly (readonly Placed<Source>[])[]): TimeOrder<Source> {
  const counts = places.map(({ length }) => length);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const clock = most === 1 ? -1 : clocks.findIndex((_, n) => places.every((place) => tellsApart(place, n)));
  const sorted = places.map((place) => [...place].sort((a, b) => compare(a, b, clock)));
  const frames = Array.from({ length: least }, (_, time) => sorted.map((place) => place[time]!));
  return { frames, irregular: most === 1 ? [] : faults(counts, least, most, clock) };
}

function tellsApart<Source>(place: readonly Placed<Source>[], clock: number): boolean {
  if (place.length === 1) return true;
  const times = place.map((frame) => frame.times[clock]);
  return times.every((time) => time !== undefined) && new Set(times).size === times.length;
}

/** Without a clock the instance number only makes the choice repeatable. */
function compare<Source>(a: Placed<Source>, b: Placed<Source>, clock: number): number {
  const byTime = clock < 0 ? 0 : (a.times[clock] ?? 0) - (b.times[clock] ?? 0);
  return byTime || (a.instance.number ?? 0) - (b.instance.number ?? 0) || a.index - b.index;
}

function faults(counts: readonly number[], least: number, most: number, clock: number): readonly string[] {
  if (clock >= 0 && least === most) return [];
  if (clock >= 0 && least > 1) return [`some slices have ${most} time points and others ${least}`];
  const repeated = counts.filter((count) => count > 1).length;
  return [`${repeated} ${repeated === 1 ? 'slice is' : 'slices are'} there more than once`];
}
