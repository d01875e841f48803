import { emptyLike } from '../../../../ml/volume/emptyLike.ts';
import { haveBits } from './pairs.ts';

/** Samples as numbers of their own width. */
export type SampleArray =
  | Uint8Array<ArrayBuffer>
  | Int8Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>;

export type IntegerArray = Exclude<SampleArray, Float32Array | Float64Array>;

/** Where the meaning of an integer lies among its bits. */
export interface BitLayout {
  readonly bitsStored: number;
  readonly highBit: number;
  readonly isSigned: boolean;
}

const bytesPerNumber = (bits: number): 1 | 2 | 4 => (bits <= 8 ? 1 : bits <= 16 ? 2 : 4);

const integers = { 1: [Uint8Array, Int8Array], 2: [Uint16Array, Int16Array], 4: [Uint32Array, Int32Array] } as const;

/**
 * The integers in little-endian bytes, of 8, 16 or 32 bits each.
 *
 * @param bytes Copied where they are not aligned; the result may share them else.
 */
export function integersOf(bytes: Uint8Array<ArrayBuffer>, bits: number, isSigned: boolean): IntegerArray {
  const width = bytesPerNumber(bits);
  const aligned = bytes.byteOffset % width === 0 ? bytes : bytes.slice();
  const type = integers[width][isSigned ? 1 : 0];
  return new type(aligned.buffer, aligned.byteOffset, Math.floor(aligned.byteLength / width));
}

/** Without what is not part of the number: bits above, where old objects keep overlays, and below; with the sign extended. */
export function keepStoredBits(values: IntegerArray, { bitsStored, highBit, isSigned }: BitLayout): IntegerArray {
  const width = values.BYTES_PER_ELEMENT * 8;
  const left = 31 - highBit;
  const right = 32 - bitsStored;
  if (bitsStored === width && highBit === width - 1) return values;
  const beyond = ~(2 ** bitsStored - 1);
  if (values instanceof Uint16Array && highBit === bitsStored - 1 && haveBits(values, beyond) === false) return values;
  const kept = emptyLike(values, values.length);
  if (isSigned) for (let i = 0; i < values.length; i++) kept[i] = (values[i]! << left) >> right;
  else for (let i = 0; i < values.length; i++) kept[i] = (values[i]! << left) >>> right;
  return kept;
}

/** Swaps the bytes of each number, in place. */
export function swapBytes(bytes: Uint8Array, width: number): void {
  for (let at = 0; at + width <= bytes.length; at += width) bytes.subarray(at, at + width).reverse();
}

/** Numbers of a width that is no multiple of a byte, one after the other from the lowest bit on (PS3.5 section 8.1.1 and annex D). */
export function unpackBits(bytes: Uint8Array, firstBit: number, bits: number, count: number): IntegerArray {
  const values = new integers[bytesPerNumber(bits)][0](count);
  for (let i = 0, bit = firstBit; i < count; i++) {
    let value = 0;
    for (let n = 0; n < bits; n++, bit++) value |= ((bytes[bit >> 3]! >> (bit & 7)) & 1) << n;
    values[i] = value;
  }
  return values;
}
