import type { Grid, Vector3 } from './grid.ts';
import { inverse, transform } from './matrix.ts';

declare const space: unique symbol;
type Point<Space extends string> = Vector3 & { readonly [space]: Space };

/** Patient coordinates in the grid's unit (mm): +x left, +y posterior, +z superior (DICOM PS3.3 C.7.6.2.1.1). */
export type WorldPoint = Point<'world LPS mm'>;

/** Voxel indices (i, j, k), i fastest; integers are voxel centres, so the image spans [-0.5, n - 0.5). */
export type IndexPoint = Point<'voxel index'>;

export const worldPoint = (x: number, y: number, z: number) => [x, y, z] as unknown as WorldPoint;
export const indexPoint = (i: number, j: number, k: number) => [i, j, k] as unknown as IndexPoint;

export function indexToWorld({ origin, spacing, direction }: Grid, index: IndexPoint): WorldPoint {
  const [x, y, z] = transform(direction, [index[0] * spacing[0], index[1] * spacing[1], index[2] * spacing[2]]);
  return worldPoint(origin[0] + x, origin[1] + y, origin[2] + z);
}

export function worldToIndex({ origin, spacing, direction }: Grid, world: WorldPoint): IndexPoint {
  const [x, y, z] = transform(inverse(direction), [world[0] - origin[0], world[1] - origin[1], world[2] - origin[2]]);
  return indexPoint(x / spacing[0], y / spacing[1], z / spacing[2]);
}

/** Centres of the eight corner voxels. */
export function corners(grid: Grid): readonly WorldPoint[] {
  const [i, j, k] = [grid.shape[0] - 1, grid.shape[1] - 1, grid.shape[2] - 1];
  return [0, k].flatMap((c) => [0, j].flatMap((b) => [0, i].map((a) => indexToWorld(grid, indexPoint(a, b, c)))));
}
