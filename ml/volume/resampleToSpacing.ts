import { invariant } from '../check/invariant.ts';
import type { Grid, Vector3 } from './grid.ts';
import { resampleAxis } from './resampleAxis.ts';
import { indexPoint, indexToWorld } from './space.ts';
import type { Volume, VoxelArray } from './volume.ts';

/**
 * The grid with voxels of exactly `spacing` along the same axes about the same centre. It has as many voxels as fit the
 * field of view, rounded, so it ends within half a new voxel of where `grid` ends.
 */
export function gridWithSpacing(grid: Grid, spacing: Vector3): Grid {
  invariant(
    spacing.every((side) => side > 0 && Number.isFinite(side)),
    `spacing ${spacing.join(' x ')} is not positive`,
  );
  const count = (axis: 0 | 1 | 2) => Math.max(1, Math.round((grid.shape[axis] * grid.spacing[axis]) / spacing[axis]));
  const shape: Vector3 = [count(0), count(1), count(2)];
  const first = (axis: 0 | 1 | 2) => firstPosition(grid.shape[axis], shape[axis], spacing[axis] / grid.spacing[axis]);
  return { ...grid, shape, spacing, origin: indexToWorld(grid, indexPoint(first(0), first(1), first(2))) };
}

/** Where the centre of the first of `count` voxels lies among `size` old ones of `1 / scale` its length. */
const firstPosition = (size: number, count: number, scale: number) => (size - 1 - (count - 1) * scale) / 2;

/**
 * Resamples an image to `gridWithSpacing(volume.grid, spacing)`, one axis after the other. Along an axis that becomes finer
 * this is linear interpolation, equal to `resample`. Along one that becomes coarser the linear kernel is widened to the new
 * spacing, so that every voxel of the image counts: reading single points instead would turn noise, and detail finer than
 * the new voxels, into false structure. For labels use `resample(volume, gridWithSpacing(...), 'label')`.
 */
export function resampleToSpacing(volume: Volume, spacing: Vector3): Volume<Float32Array> {
  const { grid, channels } = volume;
  const target = gridWithSpacing(grid, spacing);
  const axes = ([0, 1, 2] as const).filter((axis) => target.spacing[axis] !== grid.spacing[axis]);
  // Coarser axes first, so that the later passes have fewer voxels to go through.
  axes.sort((a, b) => target.shape[a] / grid.shape[a] - target.shape[b] / grid.shape[b]);
  let data: VoxelArray = volume.data;
  const shape: [number, number, number] = [...grid.shape];
  for (const axis of axes) {
    const scale = target.spacing[axis] / grid.spacing[axis];
    const first = firstPosition(grid.shape[axis], target.shape[axis], scale);
    data = resampleAxis(data, shape, axis, target.shape[axis], first, scale);
    shape[axis] = target.shape[axis];
  }
  return {
    grid: target,
    channels,
    data: data instanceof Float32Array && axes.length > 0 ? data : Float32Array.from(data),
  };
}
