import type { Vector3 } from '../../../../ml/volume/grid.ts';
import type { PixelSize } from './pixelSize.ts';

/**
 * Positions are written with as few as two decimals: what departs from a regular grid by less than this, or by less than this share of a
 * slice or pixel, is rounding. A fiftieth of a slice of 5 mm is 0.1 mm: less than its own resolution by far.
 */
const roundedPosition = 0.01;
const slicePart = 0.02;
const pixelPart = 0.1;

/** What keeps slices from being a regular grid, in words; and the distance from one to the next, `undefined` for one slice. */
export interface Irregularities {
  readonly gap: number | undefined;
  readonly irregular: readonly string[];
}

/** @param offsets Where slices begin, (x, y, along the normal) in mm from the first, sorted along the normal. */
export function irregularities(offsets: readonly Vector3[], { x, y }: PixelSize): Irregularities {
  const depths = offsets.map(([, , depth]) => depth);
  const gaps = depths.slice(1).map((depth, n) => depth - (depths[n] ?? NaN));
  if (gaps.length === 0) return { gap: undefined, irregular: [] };
  const mean = (depths.at(-1) ?? NaN) / gaps.length;
  const within = (gap: number): number => Math.max(roundedPosition, slicePart * gap);
  const isEven = depths.every((depth, k) => Math.abs(depth - k * mean) <= within(mean));
  const gap = isEven ? mean : median(gaps);
  const uneven = isEven ? [] : [describeGaps(gaps, gap, within(gap))];
  return { gap, irregular: [...uneven, ...sideways(offsets, Math.max(roundedPosition, pixelPart * Math.min(x, y)))] };
}

function describeGaps(gaps: readonly number[], usual: number, tolerance: number): string {
  const missing = gaps.map((gap) => {
    const steps = Math.round(gap / usual);
    return Math.abs(gap - steps * usual) <= tolerance * steps && steps > 0 ? steps - 1 : NaN;
  });
  const count = missing.reduce((sum, each) => sum + each, 0);
  if (count > 0) return `${count} ${count === 1 ? 'slice is' : 'slices are'} missing of those ${mm(usual)} apart`;
  const [least, most] = [Math.min(...gaps), Math.max(...gaps)];
  return `the slices are unevenly spaced, ${mm(least)} to ${mm(most)} apart`;
}

/** Slices that begin beside the normal through the first: all along one line for a tilted gantry. */
function sideways(offsets: readonly Vector3[], tolerance: number): readonly string[] {
  const [x, y, depth] = offsets.at(-1) ?? [0, 0, 0];
  const most = Math.max(...offsets.map((offset) => Math.hypot(offset[0], offset[1])));
  if (most <= tolerance) return [];
  const isLine = offsets.every(
    (offset) => Math.hypot(offset[0] - (x * offset[2]) / depth, offset[1] - (y * offset[2]) / depth) <= tolerance,
  );
  if (!isLine) return [`the slices are shifted sideways by up to ${mm(most)}`];
  const degrees = (Math.atan2(Math.hypot(x, y), Math.abs(depth)) * 180) / Math.PI;
  return [`the gantry was tilted: the slices are sheared by ${degrees.toFixed(1)} degrees`];
}

const mm = (length: number): string => `${Number(length.toPrecision(4))} mm`;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN;
}
