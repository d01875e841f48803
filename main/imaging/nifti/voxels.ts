import { invariant } from '../../../ml/check/invariant.ts';
import { Problem } from '../../../ml/check/problem.ts';
import type { VoxelArray } from '../../../ml/volume/volume.ts';
import type { NiftiHeader } from './header.ts';

/**
 * Real voxel values from the stored bytes, which are used as they are where nothing needs computing, and overwritten where
 * their byte order is not ours. Scaled values are float32, which holds every scaled 16-bit number to its last digit, or
 * float64 where 32 bits or more were stored; 64-bit integers become float64.
 *
 * @throws Problem `data` where an integer has more digits than float64 holds.
 */
export function decodeVoxels(
  bytes: Uint8Array<ArrayBuffer>,
  { dataType, littleEndian, rescale }: NiftiHeader,
  path: string,
): VoxelArray {
  const TypedArray = dataType.array;
  invariant(TypedArray !== undefined, `voxels of type ${dataType.name} are refused before they are read`);
  if (!littleEndian) swapBytes(bytes, dataType.bytes);
  const stored = new TypedArray(bytes.buffer, bytes.byteOffset, bytes.byteLength / dataType.bytes);
  const numbers =
    stored instanceof BigInt64Array || stored instanceof BigUint64Array ? toNumbers(stored, path) : stored;
  return rescale ? rescaled(numbers, rescale.slope, rescale.intercept) : numbers;
}

function swapBytes(bytes: Uint8Array<ArrayBuffer>, size: number): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (size === 2) buffer.swap16();
  if (size === 4) buffer.swap32();
  if (size === 8) buffer.swap64();
}

function rescaled(stored: VoxelArray, slope: number, intercept: number): VoxelArray {
  const isWide = stored instanceof Float64Array || stored instanceof Int32Array || stored instanceof Uint32Array;
  const real = isWide ? new Float64Array(stored.length) : new Float32Array(stored.length);
  for (let n = 0; n < stored.length; n++) real[n] = stored[n]! * slope + intercept;
  return real;
}

function toNumbers(stored: BigInt64Array | BigUint64Array, path: string): Float64Array {
  const numbers = new Float64Array(stored.length);
  for (let n = 0; n < stored.length; n++) {
    const value = Number(stored[n]!);
    if (!Number.isSafeInteger(value)) {
      throw new Problem(
        'data',
        `the 64-bit integer ${stored[n]!} is too large`,
        path,
        'Convert the image to 32-bit integers or to float64.',
      );
    }
    numbers[n] = value;
  }
  return numbers;
}
