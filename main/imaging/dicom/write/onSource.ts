import { Problem } from '../../../../ml/check/problem.ts';
import { emptyLike } from '../../../../ml/volume/emptyLike.ts';
import { voxelCount } from '../../../../ml/volume/grid.ts';
import type { Volume } from '../../../../ml/volume/volume.ts';
import { eachVoxel } from '../../../../ml/volume/voxelMap.ts';
import type { SourceSeries } from './sourceSeries.ts';

/**
 * The voxels of a segmentation on the grid of its series, in the series' order of axes; 0 where the segmentation has none.
 *
 * @param where The segmentation, for the error.
 * @throws Problem `data` where a structure lies beyond the series.
 */
export function onSource(volume: Volume, { grid, map }: SourceSeries, where: string): Volume {
  const [from, to] = [voxelCount(volume.grid), voxelCount(grid)];
  const data = emptyLike(volume.data, volume.channels * to);
  for (let channel = 0; channel < volume.channels; channel++) {
    eachVoxel(map, volume.grid, grid, (part, whole) => {
      const value = volume.data[channel * from + part]!;
      if (whole >= 0) data[channel * to + whole] = value;
      else if (value !== 0) {
        const what = 'a structure lies beyond the series that it is said to be drawn on';
        throw new Problem('data', what, where, 'Name the series that was segmented, with all its slices.');
      }
    });
  }
  return { grid, channels: volume.channels, data };
}
