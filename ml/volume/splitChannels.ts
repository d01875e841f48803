import { voxelCount } from './grid.ts';
import type { Volume } from './volume.ts';

/** Each channel as a volume of its own, in the memory of the whole. */
export function splitChannels({ grid, channels, data }: Volume): readonly Volume[] {
  const size = voxelCount(grid);
  return Array.from({ length: channels }, (_, c) => ({
    grid,
    channels: 1,
    data: data.subarray(c * size, (c + 1) * size),
  }));
}
