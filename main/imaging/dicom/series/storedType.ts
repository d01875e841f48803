import { Problem } from '../../../../ml/check/problem.ts';
import type { VoxelArray } from '../../../../ml/volume/volume.ts';
import type { Stored } from './instance.ts';

const types = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;

/** The smallest type that holds the stored values of all the objects of a volume. */
export function storedType(objects: readonly Stored[]): keyof typeof types {
  if (objects.some(({ kind }) => kind === 'double')) return 'float64';
  if (objects.some(({ kind }) => kind === 'float')) return 'float32';
  const signed = objects.some((object) => object.signed);
  const bits = Math.max(...objects.map((object) => object.bitsStored + (signed && !object.signed ? 1 : 0)));
  if (bits <= 8) return signed ? 'int8' : 'uint8';
  if (bits <= 16) return signed ? 'int16' : 'uint16';
  return signed ? 'int32' : 'uint32';
}

/** @throws Problem `memory` where they do not fit. */
export function allocateVoxels(type: keyof typeof types, length: number, path: string): VoxelArray {
  const bytes = length * types[type].BYTES_PER_ELEMENT;
  // Asked first: the system gives more than it has, and ends the process when it is used.
  if (bytes < process.availableMemory()) return new types[type](length);
  const what = `${Math.ceil(bytes / 2 ** 20)} MiB do not fit in memory`;
  throw new Problem('memory', what, path, 'Close other programs, or use a computer with more memory.');
}
