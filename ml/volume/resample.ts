import { invariant } from '../check/invariant.ts';
import { emptyLike } from './emptyLike.ts';
import type { Grid } from './grid.ts';
import { voxelCount } from './grid.ts';
import { indexMap } from './indexMap.ts';
import type { InterpolateRow } from './interpolate.ts';
import { labelRow, linearRow, nearestRow } from './interpolate.ts';
import { emptyRow, fillRow } from './sampleRow.ts';
import type { Volume, VoxelArray } from './volume.ts';

/**
 * How a value between voxels is found. `linear`: mixes the 8 voxels around, as float32. `nearest`: takes the nearest voxel
 * (ties go up), keeping the type. `label`: takes the label that has the largest share of the linear weights (ties go to the
 * smaller label), keeping the type: what linear interpolation of one indicator volume a label and argmax would give,
 * without those volumes.
 */
export type Interpolation = 'linear' | 'nearest' | 'label';

const rowOf: Readonly<Record<Interpolation, InterpolateRow>> = {
  linear: linearRow,
  nearest: nearestRow,
  label: labelRow,
};

/**
 * Reads `volume` at the voxel centres of `target`, through physical space. Every channel alike. Up to half a voxel beyond the
 * outermost voxel centres the edge voxel's value holds; farther out the result is `outside`. Nothing is smoothed: see
 * `resampleToSpacing` for an image that becomes coarser.
 */
export function resample(volume: Volume, target: Grid, how: 'linear', outside?: number): Volume<Float32Array>;
export function resample<Data extends VoxelArray>(
  volume: Volume<Data>,
  target: Grid,
  how: 'nearest' | 'label',
  outside?: number,
): Volume<Data>;
export function resample(volume: Volume, target: Grid, how: Interpolation, outside = 0): Volume {
  const { channels, data } = volume;
  const length = channels * voxelCount(target);
  const out = how === 'linear' ? new Float32Array(length) : emptyLike(data, length);
  fillSlab(volume, target, how, 0, target.shape[2], out, outside);
  return { grid: target, channels, data: out };
}

/**
 * Slices `[from, to)` along k of what `resample(volume, target, 'linear')` gives, bit for bit: `[channels, to - from, j, i]`.
 * Class-probability volumes are brought to an image's grid slab by slab, so that only one slab is ever held at full
 * resolution.
 */
export function resampleSlab(volume: Volume, target: Grid, from: number, to: number, outside = 0): Float32Array {
  const [ni, nj, nk] = target.shape;
  invariant(from >= 0 && from < to && to <= nk, `slab ${from} to ${to} of ${nk} slices`);
  const out = new Float32Array(volume.channels * ni * nj * (to - from));
  fillSlab(volume, target, 'linear', from, to, out, outside);
  return out;
}

function fillSlab(
  { grid, channels, data }: Volume,
  target: Grid,
  how: Interpolation,
  from: number,
  to: number,
  out: VoxelArray,
  outside: number,
): void {
  const size = voxelCount(grid);
  const [ni, nj] = target.shape;
  invariant(data.length === channels * size, 'a volume has as many values as its grid has voxels');
  invariant(grid.unit === target.unit, 'lengths in voxels and in millimetres do not compare');
  const map = indexMap(target, grid);
  const row = emptyRow(ni);
  const interpolate = rowOf[how];
  for (let k = from; k < to; k++) {
    for (let j = 0; j < nj; j++) {
      fillRow(row, map, grid, j, k);
      for (let c = 0; c < channels; c++) {
        interpolate(data, c * size, row, out, ((c * (to - from) + k - from) * nj + j) * ni, outside);
      }
    }
  }
}
