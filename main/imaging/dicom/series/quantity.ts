import type { Frame } from './frame.ts';
import type { Scaling } from './scaling.ts';

/** What the real values of a volume count. */
export interface Quantity {
  readonly unit: string | null;
  /** What scaled values are multiplied with: that of SUV for a PET, else 1. */
  readonly factor: number;
  /** What the person should know of it. */
  readonly notes: readonly string[];
}

export function quantityOf<Source>(frames: readonly Frame<Source>[]): Quantity {
  const units = new Set(frames.map(({ scaling }) => scaling.unit));
  const [unit = null] = units;
  if (units.size > 1)
    return {
      unit: null,
      factor: 1,
      notes: [`its slices are in different units: ${[...units].map((each) => each ?? 'none').join(', ')}`],
    };
  const [first] = frames;
  if (first?.suv === undefined) return { unit, factor: 1, notes: [] };
  const why = frames.find(({ suv }) => suv !== undefined && 'whyNot' in suv)?.suv;
  if (why && 'whyNot' in why) return { unit, factor: 1, notes: [`no SUV: ${why.whyNot}`] };
  const factors = frames.flatMap(({ suv }) => (suv && 'factor' in suv ? [suv.factor] : []));
  const factor = factors[0] ?? 1;
  // The time of the series and the dose are one for all slices: a difference means that they are not of one scan.
  if (!factors.every((each) => Math.abs(each / factor - 1) < 1e-6))
    return { unit, factor: 1, notes: ['no SUV: its slices name different doses, weights or times'] };
  const how = 'how' in first.suv ? first.suv.how : '';
  return { unit: 'SUVbw', factor, notes: [`values are SUV by body weight, ${how} (factor ${factor.toPrecision(6)})`] };
}

/** The scaling of stored values all the way to the quantity. */
export function withFactor(scaling: Scaling, factor: number): Scaling {
  if (factor === 1) return scaling;
  const { slope, intercept, table } = scaling;
  return {
    ...scaling,
    slope: slope * factor,
    intercept: intercept * factor,
    table: table && { first: table.first, values: Array.from(table.values, (value) => value * factor) },
  };
}
