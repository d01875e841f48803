import type { Dataset } from '../dataset.ts';
import { tags } from '../tags.ts';

/** A lookup table (PS3.3 C.11.1.1): what is below `first` gets the first value, what is above the end the last. */
export interface LookupTable {
  readonly first: number;
  readonly values: Uint8Array | Uint16Array | readonly number[];
}

/** The table of one item of a Modality LUT or VOI LUT Sequence; `undefined` where it is not whole. */
export function readTable(item: Dataset, isSigned: boolean): LookupTable | undefined {
  const [count, first, bits] = item.numbers(tags.LUTDescriptor);
  const bytes = item.bytes(tags.LUTData);
  if (count === undefined || first === undefined || bits === undefined || bytes === undefined) return undefined;
  // 2 to the 16 does not fit the field, and is written as 0.
  const length = count === 0 ? 65_536 : count;
  // The descriptor's second value has the sign of the pixels, and readers take it for unsigned.
  const start = isSigned && first > 32_767 ? first - 65_536 : first;
  const values = tableValues(item, bytes, length);
  return values && { first: start, values };
}

/** Eight-bit entries may be packed as bytes, or each written in a word of its own. */
function tableValues(item: Dataset, bytes: Uint8Array, length: number): Uint8Array | Uint16Array | undefined {
  if (bytes.length < 2 * length) return bytes.length >= length ? bytes.slice(0, length) : undefined;
  const numbers = item.numbers(tags.LUTData);
  if (numbers.length >= length) return Uint16Array.from(numbers.slice(0, length));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint16Array.from({ length }, (_, n) => view.getUint16(2 * n, true));
}

export function lookUp({ first, values }: LookupTable, stored: number): number {
  return values[Math.min(Math.max(Math.round(stored) - first, 0), values.length - 1)] ?? NaN;
}
