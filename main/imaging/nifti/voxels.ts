import { invariant } from '../../../ml/check/invariant.ts';
import type { VoxelArray } from '../../../ml/volume/volume.ts';
import { decodeNumbers } from '../decodeNumbers.ts';
import type { NiftiHeader } from './header.ts';

/**
 * Real voxel values from the stored bytes, in the file's order. Scaled values are float32, which holds every scaled 16-bit
 * number to its last digit, or float64 where 32 bits or more were stored; 64-bit integers become float64.
 *
 * @throws Problem `data` where an integer has more digits than float64 holds.
 */
export function decodeVoxels(
  bytes: Uint8Array<ArrayBuffer>,
  { dataType, littleEndian, rescale }: NiftiHeader,
  path: string,
): VoxelArray {
  invariant(dataType.number !== undefined, `voxels of type ${dataType.name} are refused before they are read`);
  const numbers = decodeNumbers(bytes, dataType.number, littleEndian, path);
  // nifti1.h: scaling does not apply to colours.
  return rescale && dataType.components === 1 ? rescaled(numbers, rescale.slope, rescale.intercept) : numbers;
}

function rescaled(stored: VoxelArray, slope: number, intercept: number): VoxelArray {
  const isWide = stored instanceof Float64Array || stored instanceof Int32Array || stored instanceof Uint32Array;
  const real = isWide ? new Float64Array(stored.length) : new Float32Array(stored.length);
  for (let n = 0; n < stored.length; n++) real[n] = stored[n]! * slope + intercept;
  return real;
}
