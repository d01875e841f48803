import { endianness } from 'node:os';
import { invariant } from '../../ml/check/invariant.ts';
import type { VoxelArray } from '../../ml/volume/volume.ts';

/** The little-endian bytes of voxels, without a copy, in parts that can be written one after the other. */
export function* bytesOf({ buffer, byteOffset, byteLength }: VoxelArray): Generator<Uint8Array, void> {
  invariant(endianness() === 'LE', 'every computer that this runs on puts the lowest byte first');
  const step = 1 << 24;
  for (let at = 0; at < byteLength; at += step) {
    yield new Uint8Array(buffer, byteOffset + at, Math.min(step, byteLength - at));
  }
}

/** Only masks and pictures get noticeably smaller at the levels that take long, and masks take them quickly. */
export const compressionLevel = ({ BYTES_PER_ELEMENT }: VoxelArray) => (BYTES_PER_ELEMENT === 1 ? 6 : 1);
