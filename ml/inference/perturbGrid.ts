import type { Rng } from '../random/rng.ts';
import type { Grid, Vector3 } from '../volume/grid.ts';
import { multiply, rotation } from '../volume/matrix.ts';
import { indexPoint, indexToWorld } from '../volume/space.ts';

/** Largest turn (radians), shift (voxels) and change of size of a view, each drawn uniformly up to it. */
const LARGEST = { turn: Math.PI / 36, shift: 1, zoom: 0.05 };

/**
 * A grid of the same shape, turned, moved and scaled a little about its centre: an image resampled to it shows the same anatomy as another
 * scan of the person might (test-time augmentation; Wang et al. 2019, section 2.2). In two dimensions slices stay where they are.
 */
export function perturbGrid(grid: Grid, dimensions: 2 | 3, rng: Rng): Grid {
  const draw = (largest: number): number => largest * (2 * rng.uniform() - 1);
  const across = (value: number, still: number): number => (dimensions === 3 ? value : still);
  const zoom = 1 + draw(LARGEST.zoom);
  const [x, y, z] = [draw(LARGEST.turn), draw(LARGEST.turn), draw(LARGEST.turn)];
  const turned = multiply(multiply(rotation(0, across(x, 0)), rotation(1, across(y, 0))), rotation(2, z));
  const direction = multiply(grid.direction, turned);
  const spacing: Vector3 = [grid.spacing[0] * zoom, grid.spacing[1] * zoom, grid.spacing[2] * across(zoom, 1)];
  const [i, j, k] = [(grid.shape[0] - 1) / 2, (grid.shape[1] - 1) / 2, (grid.shape[2] - 1) / 2];
  const moved = indexPoint(i + draw(LARGEST.shift), j + draw(LARGEST.shift), k + across(draw(LARGEST.shift), 0));
  const centre = indexToWorld(grid, moved);
  const reach = indexToWorld({ ...grid, spacing, direction, origin: [0, 0, 0] }, indexPoint(i, j, k));
  return { ...grid, spacing, direction, origin: [centre[0] - reach[0], centre[1] - reach[1], centre[2] - reach[2]] };
}
