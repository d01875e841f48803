import type { VoxelArray } from './volume.ts';

/** `length` zeros of the type of `like`. */
export function emptyLike<Data extends VoxelArray>(like: Data, length: number): Data {
  // Every typed array's constructor takes a length and makes its own type, which TypeScript cannot express.
  return new (like.constructor as new (length: number) => Data)(length);
}
