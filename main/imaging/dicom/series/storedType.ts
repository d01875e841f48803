import { Problem } from '../../../../ml/check/problem.ts';
import type { VoxelArray } from '../../../../ml/volume/volume.ts';
import { numberTypes } from '../../decodeNumbers.ts';
import type { Stored } from './instance.ts';

/** Integers of 64 bits are no voxels. */
export type VoxelType = Exclude<keyof typeof numberTypes, 'int64' | 'uint64'>;

/** The smallest type that holds the stored values of all the objects of a volume. */
export function storedType(objects: readonly Stored[]): VoxelType {
  if (objects.some(({ kind }) => kind === 'double')) return 'float64';
  if (objects.some(({ kind }) => kind === 'float')) return 'float32';
  const signed = objects.some((object) => object.signed);
  const bits = Math.max(...objects.map((object) => object.bitsStored + (signed && !object.signed ? 1 : 0)));
  if (bits <= 8) return signed ? 'int8' : 'uint8';
  if (bits <= 16) return signed ? 'int16' : 'uint16';
  return signed ? 'int32' : 'uint32';
}

/** @throws Problem `memory` where they do not fit. */
export function allocateVoxels(type: VoxelType, length: number, path: string): VoxelArray {
  const bytes = length * numberTypes[type].bytes;
  // Asked first: the system gives more than it has, and ends the process when it is used.
  if (bytes < process.availableMemory()) return new numberTypes[type].array(length);
  const what = `${Math.ceil(bytes / 2 ** 20)} MiB do not fit in memory`;
  throw new Problem('memory', what, path, 'Close other programs, or use a computer with more memory.');
}
