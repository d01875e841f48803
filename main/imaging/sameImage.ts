import { isDeepStrictEqual } from 'node:util';
import { largestDisplacement } from '../../ml/volume/difference.ts';
import type { VoxelArray } from '../../ml/volume/volume.ts';
import type { Image } from './reader.ts';

/** How far apart two readings of one place may lie, mm (or voxels). */
const tolerance = 1e-3;

/** Whether two images have the same voxels, of the same type, at the same places, and the same structures. */
export function sameImage(a: Image, b: Image): boolean {
  const [one, other] = [a.volume, b.volume];
  return (
    one.channels === other.channels &&
    a.components === b.components &&
    one.grid.unit === other.grid.unit &&
    one.grid.shape.every((size, axis) => size === other.grid.shape[axis]) &&
    largestDisplacement(one.grid, other.grid) <= tolerance &&
    sameBytes(one.data, other.data) &&
    isDeepStrictEqual(a.segments ?? [], b.segments ?? [])
  );
}

function sameBytes(a: VoxelArray, b: VoxelArray): boolean {
  const bytes = ({ buffer, byteOffset, byteLength }: VoxelArray) => Buffer.from(buffer, byteOffset, byteLength);
  return a.constructor === b.constructor && Buffer.compare(bytes(a), bytes(b)) === 0;
}
