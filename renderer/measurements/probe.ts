import type { Volume } from '../../ml/volume/volume.ts';
import type { WorldPoint } from '../../ml/volume/space.ts';
import { offsetOf, voxelAt } from '../editing/labels.ts';

/** The value of the voxel that holds a place, as stored, one number a component; `undefined` outside the volume. */
export function probe(
  { grid, channels, data }: Volume,
  world: WorldPoint,
  first = 0,
  components = 1,
): number[] | undefined {
  const voxel = voxelAt(grid, world);
  if (voxel === undefined) return undefined;
  const size = data.length / channels;
  return Array.from({ length: components }, (_, n) => data[(first + n) * size + offsetOf(grid, voxel)]!);
}
