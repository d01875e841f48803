import type { VoxelArray } from '../../../../ml/volume/volume.ts';

/** The least and the greatest value; infinite the wrong way round where there is none. NaN is passed over. */
export function extremesOf(values: VoxelArray | readonly number[]): readonly [number, number] {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return [least, most];
}
