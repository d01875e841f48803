import type { Grid } from '../../ml/volume/grid.ts';
import { type IndexPoint, indexPoint, worldToIndex, type WorldPoint } from '../../ml/volume/space.ts';
import type { Volume, VoxelArray } from '../../ml/volume/volume.ts';

/** A segmentation as it is edited: one channel, 0 is background. Operations write into `data`. */
export type Labels = Volume<Uint8Array | Uint16Array>;

export const largestLabel = 65_535;

/** The same labels, in wider voxels where `label` would not fit. */
export function withRoomFor(labels: Labels, label: number): Labels {
  if (label < 2 ** 8 || labels.data instanceof Uint16Array) return labels;
  return { ...labels, data: Uint16Array.from(labels.data) };
}

/** What edits may change. One set of rules holds for every operation. */
export interface EditRules {
  /** Structures that neither lose nor gain a voxel. */
  readonly locked: ReadonlySet<number>;
  /** Whose voxels may take another label: everyone's, the background's, or those of these labels. */
  readonly overwrite: 'all' | 'background' | ReadonlySet<number>;
  /** Only voxels whose image value is in the range, both ends included. @property values One channel on the labels' grid. */
  readonly range?: { readonly values: VoxelArray; readonly low: number; readonly high: number } | undefined;
}

/** The voxel whose cube holds a place; `undefined` outside the grid. */
export function voxelAt(grid: Grid, world: WorldPoint): IndexPoint | undefined {
  const [i, j, k] = worldToIndex(grid, world);
  const voxel = indexPoint(Math.round(i), Math.round(j), Math.round(k));
  return voxel.every((index, axis) => index >= 0 && index < grid.shape[axis]!) ? voxel : undefined;
}

/** Where a voxel is in one channel of data `[k, j, i]`. */
export const offsetOf = ({ shape }: Grid, [i, j, k]: IndexPoint) => (k * shape[1] + j) * shape[0] + i;
