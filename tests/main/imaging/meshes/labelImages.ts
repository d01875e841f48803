import type { Grid, Vector3 } from '../../../../ml/volume/grid.ts';
import { voxelCount } from '../../../../ml/volume/grid.ts';
import type { VoxelArray } from '../../../../ml/volume/volume.ts';
import type { Image } from '../../../../main/imaging/reader.ts';

/** A turn about (1, 2, 3), so that no axis is an axis of the patient. */
const oblique = [
  0.781639173907025, -0.482929284214212, 0.3947397981738, 0.550117230704358, 0.832030133774635, -0.071392499417876,
  -0.293957878438581, 0.272956338888314, 0.916015066887317,
] as const;

const identity = [1, 0, 0, 0, 1, 0, 0, 0, 1] as const;

type Placement = Pick<Grid, 'spacing' | 'direction'>;

export const grids: Readonly<Record<'isotropic' | 'anisotropic' | 'oblique' | 'left-handed', Placement>> = {
  isotropic: { spacing: [1, 1, 1], direction: identity },
  anisotropic: { spacing: [0.7, 0.9, 2.5], direction: identity },
  oblique: { spacing: [0.8, 0.8, 1.5], direction: oblique },
  'left-handed': { spacing: [1.2, 0.8, 1], direction: [1, 0, 0, 0, 0, 1, 0, 1, 0] },
};

export const gridNames = Object.keys(grids) as (keyof typeof grids)[];

export function gridOf(shape: Vector3, change: Partial<Grid> = {}): Grid {
  return { shape, spacing: [1, 1, 1], unit: 'mm', origin: [-31.5, 12.25, 100], direction: identity, ...change };
}

export function imageOf(grid: Grid, data: VoxelArray, change: Partial<Image> = {}): Image {
  return {
    path: 'mask.nii.gz',
    format: 'nifti',
    volume: { grid, channels: data.length / voxelCount(grid), data },
    components: 1,
    unit: null,
    lossy: false,
    files: [],
    description: '',
    modality: undefined,
    geometry: undefined,
    warnings: [],
    ...change,
  };
}

/** Calls `paint` for each voxel index and takes its value. */
export function painted<Data extends VoxelArray>(
  { shape: [width, height, depth] }: Pick<Grid, 'shape'>,
  data: Data,
  paint: (index: Vector3) => number,
): Data {
  let at = 0;
  for (let k = 0; k < depth; k++)
    for (let j = 0; j < height; j++) for (let i = 0; i < width; i++) data[at++] = paint([i, j, k]);
  return data;
}

/** A ball of a radius in mm about a voxel index. */
export const ball =
  (centre: Vector3, radius: number, spacing: Vector3, value = 1) =>
  (index: Vector3): number =>
    Math.hypot(...index.map((at, axis) => (at - centre[axis]!) * spacing[axis]!)) <= radius ? value : 0;
