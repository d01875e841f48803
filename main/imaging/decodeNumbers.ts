import { Problem } from '../../ml/check/problem.ts';
import type { VoxelArray } from '../../ml/volume/volume.ts';

type StoredArray = VoxelArray | BigInt64Array | BigUint64Array;

/** How one number lies in a file. */
export interface NumberType {
  readonly name: string;
  readonly bytes: 1 | 2 | 4 | 8;
  readonly array: new (buffer: ArrayBuffer, offset: number, length: number) => StoredArray;
}

export const numberTypes = {
  uint8: { name: 'uint8', bytes: 1, array: Uint8Array },
  int8: { name: 'int8', bytes: 1, array: Int8Array },
  uint16: { name: 'uint16', bytes: 2, array: Uint16Array },
  int16: { name: 'int16', bytes: 2, array: Int16Array },
  uint32: { name: 'uint32', bytes: 4, array: Uint32Array },
  int32: { name: 'int32', bytes: 4, array: Int32Array },
  uint64: { name: 'uint64', bytes: 8, array: BigUint64Array },
  int64: { name: 'int64', bytes: 8, array: BigInt64Array },
  float32: { name: 'float32', bytes: 4, array: Float32Array },
  float64: { name: 'float64', bytes: 8, array: Float64Array },
} as const satisfies Record<string, NumberType>;

export function numberTypeOf(data: VoxelArray): NumberType & { readonly name: keyof typeof numberTypes } {
  const type = Object.values(numberTypes).find(({ array }) => data instanceof array);
  if (type === undefined) throw new Error('invariant: every voxel array has a number type');
  return type;
}

/**
 * Numbers from their bytes, which are used as they are where nothing needs computing, and overwritten where their byte order
 * is not ours. 64-bit integers become float64.
 *
 * @throws Problem `data` where an integer has more digits than float64 holds.
 */
export function decodeNumbers(
  bytes: Uint8Array<ArrayBuffer>,
  { array: TypedArray, bytes: size }: NumberType,
  littleEndian: boolean,
  path: string,
): VoxelArray {
  if (!littleEndian) swapBytes(bytes, size);
  // A typed array begins at a multiple of its numbers' size.
  const aligned = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  const stored = new TypedArray(aligned.buffer, aligned.byteOffset, aligned.byteLength / size);
  return stored instanceof BigInt64Array || stored instanceof BigUint64Array ? toNumbers(stored, path) : stored;
}

function swapBytes(bytes: Uint8Array<ArrayBuffer>, size: NumberType['bytes']): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (size === 2) buffer.swap16();
  if (size === 4) buffer.swap32();
  if (size === 8) buffer.swap64();
}

function toNumbers(stored: BigInt64Array | BigUint64Array, path: string): Float64Array {
  const numbers = new Float64Array(stored.length);
  for (let n = 0; n < stored.length; n++) {
    const value = Number(stored[n]!);
    if (!Number.isSafeInteger(value)) {
      const what = `the 64-bit integer ${stored[n]!} is too large`;
      throw new Problem('data', what, path, 'Convert the image to 32-bit integers or to float64.');
    }
    numbers[n] = value;
  }
  return numbers;
}
