import type { Grid, Vector3 } from '../../ml/volume/grid.ts';
import type { LabelArray } from '../../ml/volume/integerLabels.ts';
import { cross, determinant } from '../../ml/volume/matrix.ts';
import { indexPoint, indexToWorld } from '../../ml/volume/space.ts';
import { smoothSurface } from '../../ml/surfaces/smoothSurface.ts';
import { structureMask, type Box } from '../../ml/surfaces/structureMask.ts';
import { voxelSurface } from '../../ml/surfaces/voxelSurface.ts';

export interface SurfaceRequest {
  readonly grid: Grid;
  /** [k, j, i]. */
  readonly labels: LabelArray;
  readonly values: readonly number[];
}

export interface LabelSurface {
  readonly value: number;
  /** [vertices, 3], LPS mm. */
  readonly positions: Float32Array<ArrayBuffer>;
  /** [vertices, 3], outward, of any length. */
  readonly normals: Float32Array<ArrayBuffer>;
  /** [triangles, 3]. */
  readonly triangles: Uint32Array<ArrayBuffer>;
}

type Bounds = { readonly from: [number, number, number]; readonly to: [number, number, number] };

/** The smallest box of voxels around each label. */
function boxesOf(labels: LabelArray, [width, height, depth]: Grid['shape']): ReadonlyMap<number, Box> {
  const boxes = new Map<number, Bounds>();
  let at = 0;
  for (let k = 0; k < depth; k++) {
    for (let j = 0; j < height; j++) {
      for (let i = 0; i < width; i++, at++) {
        const label = labels[at]!;
        if (label !== 0) widen(boxes, label, [i, j, k]);
      }
    }
  }
  return boxes;
}

function widen(boxes: Map<number, Bounds>, label: number, place: readonly [number, number, number]): void {
  let box = boxes.get(label);
  if (box === undefined) boxes.set(label, (box = { from: [...place], to: [0, 0, 0] }));
  for (const axis of [0, 1, 2] as const) {
    if (place[axis] < box.from[axis]) box.from[axis] = place[axis];
    if (place[axis] >= box.to[axis]) box.to[axis] = place[axis] + 1;
  }
}

/** The smoothed surfaces of the labels that are there: the same that are exported. */
export function labelSurfaces({ grid, labels, values }: SurfaceRequest): readonly LabelSurface[] {
  const boxes = boxesOf(labels, grid.shape);
  // On left-handed index axes triangles run the other way round.
  const side = Math.sign(determinant(grid.direction));
  return values.flatMap((value) => {
    const box = boxes.get(value);
    if (box === undefined) return [];
    const { positions, triangles } = smoothSurface(voxelSurface(structureMask(labels, grid.shape, value, box)));
    const world = new Float32Array(positions.length);
    for (let v = 0; v < world.length; v += 3) {
      world.set(indexToWorld(grid, indexPoint(positions[v]!, positions[v + 1]!, positions[v + 2]!)), v);
    }
    return [{ value, positions: world, normals: normalsOf(world, triangles, side), triangles: triangles.slice() }];
  });
}

/** At each vertex the sum of its triangles' normals, each as long as the triangle is large. */
function normalsOf(positions: Float32Array, triangles: Uint32Array, side: number): Float32Array<ArrayBuffer> {
  const normals = new Float32Array(positions.length);
  const difference = (to: number, from: number): Vector3 => [
    positions[to]! - positions[from]!,
    positions[to + 1]! - positions[from + 1]!,
    positions[to + 2]! - positions[from + 2]!,
  ];
  for (let t = 0; t < triangles.length; t += 3) {
    const [a, b, c] = [3 * triangles[t]!, 3 * triangles[t + 1]!, 3 * triangles[t + 2]!];
    const normal = cross(difference(b, a), difference(c, a));
    for (const vertex of [a, b, c])
      for (const axis of [0, 1, 2] as const) normals[vertex + axis]! += side * normal[axis];
  }
  return normals;
}
