import type { VoxelArray } from '../../ml/volume/volume.ts';
import type { Ramp } from './colour.ts';

/** Which colour each value has. */
export interface Shading {
  /** The value of the first colour of the ramp, and all below. */
  readonly low: number;
  /** The value of the last colour, and all above. */
  readonly high: number;
  readonly ramp: Ramp;
  /** Values that stand for no measurement, both ends included; they stay clear, as NaN does. */
  readonly padding?: { readonly from: number; readonly to: number } | undefined;
}

/** The range of a grey window (PS3.3 C.11.2.1.3.2, LINEAR_EXACT). */
export function windowRange(centre: number, width: number): { low: number; high: number } {
  return { low: centre - width / 2, high: centre + width / 2 };
}

/** The packed colour of a value; 0 is clear. */
export function shade(value: number, { low, high, ramp, padding }: Shading): number {
  if (padding !== undefined && value >= padding.from && value <= padding.to) return 0;
  const part = low === high ? (value > low ? 1 : 0) : (value - low) / (high - low);
  if (part >= 1) return ramp[255]!;
  if (part > 0) return ramp[Math.round(part * 255)]!;
  return Number.isNaN(value) ? 0 : ramp[0]!;
}

/** A colour for each value; `entries[value & mask]` holds for negative values too. */
export interface ColourTable {
  readonly entries: Uint32Array;
  readonly mask: number;
}

/** Integers of 8 and 16 bits have few enough values for a table. */
export type TabledArray = Uint8Array | Int8Array | Uint16Array | Int16Array;

export function isTabled(data: VoxelArray): data is TabledArray {
  return data.BYTES_PER_ELEMENT <= 2;
}

/** A clear table for the values of `data`, to be filled again whenever the shading changes. */
export function emptyTable({ BYTES_PER_ELEMENT }: TabledArray): ColourTable {
  const size = 2 ** (8 * BYTES_PER_ELEMENT);
  return { entries: new Uint32Array(size), mask: size - 1 };
}

/** @param data Only its type is asked: whether values are signed. */
export function fillTable({ entries, mask }: ColourTable, data: TabledArray, shading: Shading): void {
  const signed = data instanceof Int8Array || data instanceof Int16Array;
  const first = signed ? -entries.length / 2 : 0;
  for (let n = 0, value = first; n < entries.length; n++, value++) entries[value & mask] = shade(value, shading);
}
