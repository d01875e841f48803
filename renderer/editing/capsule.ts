import type { Grid, Vector3 } from '../../ml/volume/grid.ts';
import { column, dot } from '../../ml/volume/matrix.ts';
import { type IndexPoint, indexPoint } from '../../ml/volume/space.ts';
import { offsetOf } from './labels.ts';

/** All within a distance of a straight way, or what of that lies in one layer of voxels. */
export interface Capsule {
  readonly from: IndexPoint;
  readonly to: IndexPoint;
  /** In the grid's unit. */
  readonly radius: number;
  /** LPS unit vector across the layer; `undefined` for all of the capsule. */
  readonly across: Vector3 | undefined;
}

/** Visits the voxels whose centres are inside, clipped to the grid, by their offset; then those on the way itself. */
export function visitCapsule(grid: Grid, capsule: Capsule, visit: (voxel: number) => void): void {
  const isInside = insideTest(grid, capsule);
  const [i, j, k] = [span(grid, capsule, 0), span(grid, capsule, 1), span(grid, capsule, 2)];
  for (let c = k.first; c <= k.last; c++) {
    for (let b = j.first; b <= j.last; b++) {
      const row = offsetOf(grid, indexPoint(0, b, c));
      for (let a = i.first; a <= i.last; a++) if (isInside(a, b, c)) visit(row + a);
    }
  }
  visitWay(grid, capsule, visit);
}

/** Indices along an axis that can be inside. */
function span({ shape, spacing }: Grid, { from, to, radius }: Capsule, axis: 0 | 1 | 2) {
  const reach = radius / spacing[axis];
  return {
    first: Math.max(0, Math.ceil(Math.min(from[axis], to[axis]) - reach)),
    last: Math.min(shape[axis] - 1, Math.floor(Math.max(from[axis], to[axis]) + reach)),
  };
}

// Axes are orthonormal, so distances are right in millimetres along the index axes too, without going to the patient's.
function insideTest({ spacing, direction }: Grid, { from, to, radius, across }: Capsule) {
  const [si, sj, sk] = spacing;
  const way: Vector3 = [(to[0] - from[0]) * si, (to[1] - from[1]) * sj, (to[2] - from[2]) * sk];
  const squaredLength = dot(way, way);
  const normal = [0, 1, 2].map((axis) =>
    across === undefined ? 0 : dot(column(direction, axis as 0 | 1 | 2), across),
  );
  const [p, q, r] = [normal[0]!, normal[1]!, normal[2]!];
  // Of a voxel's cube seen along the normal: no plane across it has a gap.
  const halfLayer = across === undefined ? Infinity : (Math.abs(p) * si + Math.abs(q) * sj + Math.abs(r) * sk) / 2;
  const limit = radius * radius * (1 + 1e-12);
  return (i: number, j: number, k: number): boolean => {
    const [x, y, z] = [(i - from[0]) * si, (j - from[1]) * sj, (k - from[2]) * sk];
    const height = x * p + y * q + z * r;
    if (Math.abs(height) >= halfLayer) return false;
    const along = squaredLength === 0 ? 0 : (x * way[0] + y * way[1] + z * way[2]) / squaredLength;
    const part = along < 0 ? 0 : along > 1 ? 1 : along;
    const squared = (x - part * way[0]) ** 2 + (y - part * way[1]) ** 2 + (z - part * way[2]) ** 2;
    return squared - height * height <= limit;
  };
}

/** The voxels that the way runs through, so that a brush finer than a voxel leaves a line without gaps. */
function visitWay(grid: Grid, { from, to }: Capsule, visit: (voxel: number) => void): void {
  const steps = 2 * Math.ceil(Math.max(...from.map((start, axis) => Math.abs((to[axis] ?? start) - start))));
  for (let step = 0; step <= steps; step++) {
    const part = steps === 0 ? 0 : step / steps;
    const at = (axis: 0 | 1 | 2) => Math.round(from[axis] + part * (to[axis] - from[axis]));
    const voxel = indexPoint(at(0), at(1), at(2));
    if (voxel.every((index, axis) => index >= 0 && index < grid.shape[axis]!)) visit(offsetOf(grid, voxel));
  }
}
