import { invariant } from '../check/invariant.ts';
import { quantile } from '../statistics/quantile.ts';
import { type Grid, voxelVolume } from '../volume/grid.ts';

/** The size of a structure over samples; in `unit`, mL where the grid's voxels have a size. */
export interface VolumeRange {
  readonly unit: 'mL' | 'voxel';
  readonly median: number;
  readonly low: number;
  readonly high: number;
  /** What `low` and `high` are: below 20 samples a quantile would be invented, so they are the smallest and the largest. */
  readonly range: string;
}

/** @param voxels One count a sample, at least one. */
export function volumeRange(voxels: readonly number[], grid: Grid): VolumeRange {
  invariant(voxels.length > 0, 'a range needs at least one sample');
  const { size, unit } = voxelSize(grid);
  const sorted = voxels.map((count) => count * size).sort((a, b) => a - b);
  const samples = sorted.length;
  const many = samples >= 20;
  return {
    unit,
    median: quantile(sorted, 0.5),
    low: quantile(sorted, many ? 0.05 : 0),
    high: quantile(sorted, many ? 0.95 : 1),
    range: many ? `5-95 % of ${samples} samples` : `range of ${samples} ${samples === 1 ? 'sample' : 'samples'}`,
  };
}

/** The size of one voxel: mL, or 1 voxel where the file knows no size. */
export function voxelSize(grid: Grid): { readonly size: number; readonly unit: 'mL' | 'voxel' } {
  if (grid.unit === 'voxel') return { size: 1, unit: 'voxel' };
  const cubicMillimetresPerMillilitre = 1000;
  return { size: voxelVolume(grid) / cubicMillimetresPerMillilitre, unit: 'mL' };
}
