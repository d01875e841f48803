import type { VoxelArray } from '../../../../ml/volume/volume.ts';

/** The least and the greatest value; infinite the wrong way round where there is none. NaN is passed over. */
export function extremesOf(values: VoxelArray | readonly number[]): readonly [number, number] {
  let [least, most] = [Infinity, -Infinity];
  // `for of` over a typed array takes six times as long.
  let n = values.length;
  while (n-- > 0) {
    const value = values[n]!;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return [least, most];
}
