import type { Grid, Vector3 } from '../../ml/volume/grid.ts';

/** The grid of voxels of which nothing is known but their number. */
export const placelessGrid = (shape: Vector3): Grid => ({
  shape,
  spacing: [1, 1, 1],
  unit: 'voxel',
  origin: [0, 0, 0],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
});
