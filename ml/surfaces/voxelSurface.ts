import type { Vector3 } from '../volume/grid.ts';
import { cornerSheets } from './cornerSheets.ts';
import { GrowingArray } from './growingArray.ts';
import type { StructureMask } from './structureMask.ts';

/** A closed surface in voxel indices (i, j, k). */
export interface IndexSurface {
  /** [vertices, 3]; integers are voxel centres. */
  readonly positions: Float64Array;
  /** [triangles, 3], anticlockwise seen from outside, were the index axes right-handed. */
  readonly triangles: Uint32Array;
  /** [edges, 2], the sides of the voxel faces, each once in both directions: diagonals of faces are none. */
  readonly edges: Uint32Array;
}

/**
 * How far, in voxels, surfaces that would touch in an edge or a corner draw back: formats without indices (STL) merge vertices
 * at one place, and four triangles at an edge are no longer a solid.
 */
const gap = 1 / 32;

/** The boundary faces of a voxel, anticlockwise from outside. A corner's bits are 0 on the - and 1 on the + side of the voxel. */
const sides = ([0, 1, 2] as const).flatMap((axis) => {
  const [b, c] = [1 << ((axis + 1) % 3), 1 << ((axis + 2) % 3)];
  const far = 1 << axis;
  return [
    { axis, step: -1, corners: [0, c, b | c, b] },
    { axis, step: 1, corners: [far, far | b, far | b | c, far | c] },
  ];
});

interface Growing {
  readonly mask: StructureMask;
  readonly positions: GrowingArray<Float64Array>;
  readonly triangles: GrowingArray<Uint32Array>;
  readonly edges: GrowingArray<Uint32Array>;
  /** Vertices in the middle of edges by which voxels touch. */
  readonly middles: Map<number, number>;
}

/** The corners between two layers of voxels, x fastest. */
interface CornerPlane {
  readonly patterns: Uint8Array;
  /** The vertex of a corner's first sheet. */
  readonly vertices: Uint32Array;
}

/**
 * The faces between the voxels of a structure and all others, split into triangles: exactly the voxels' volume. A closed,
 * outward manifold whatever the voxels: where sheets of it meet in an edge or a corner, each has vertices of its own
 * (a surface of cubes, Herman and Liu 1979; one vertex a sheet as in dual marching cubes, Nielson 2004).
 */
export function voxelSurface(mask: StructureMask): IndexSurface {
  const positions = new GrowingArray(new Float64Array());
  const triangles = new GrowingArray(new Uint32Array());
  const edges = new GrowingArray(new Uint32Array());
  const growing: Growing = { mask, positions, triangles, edges, middles: new Map() };
  let below = addCorners(growing, 0);
  for (let k = 1; k < mask.shape[2] - 1; k++) {
    const above = addCorners(growing, k);
    addLayer(growing, k, [below, above]);
    below = above;
  }
  return { positions: positions.toArray(), triangles: triangles.toArray(), edges: edges.toArray() };
}

/** Vertices of the corners between layers k and k + 1. */
function addCorners({ mask, positions }: Growing, k: number): CornerPlane {
  const [width, height] = mask.shape;
  const { data, from } = mask;
  const patterns = new Uint8Array((width - 1) * (height - 1));
  const vertices = new Uint32Array(patterns.length);
  for (let y = 0, at = 0; y < height - 1; y++) {
    for (let x = 0; x < width - 1; x++, at++) {
      const v = (k * height + y) * width + x;
      const w = v + width * height;
      const lower = data[v]! | (data[v + 1]! << 1) | (data[v + width]! << 2) | (data[v + width + 1]! << 3);
      const upper = data[w]! | (data[w + 1]! << 1) | (data[w + width]! << 2) | (data[w + width + 1]! << 3);
      const pattern = lower | (upper << 4);
      if (pattern === 0 || pattern === 255) continue;
      patterns[at] = pattern;
      vertices[at] = positions.length / 3;
      const { count, inward } = cornerSheets[pattern]!;
      const shift = count === 1 ? 0 : gap;
      for (const [i, j, l] of inward)
        positions.push(from[0] - 0.5 + x + shift * i, from[1] - 0.5 + y + shift * j, from[2] - 0.5 + k + shift * l);
    }
  }
  return { patterns, vertices };
}

function addLayer(growing: Growing, k: number, planes: readonly [CornerPlane, CornerPlane]): void {
  const [width, height] = growing.mask.shape;
  const { data } = growing.mask;
  const strides: Vector3 = [1, width, width * height];
  for (let j = 1; j < height - 1; j++) {
    for (let i = 1; i < width - 1; i++) {
      const voxel = (k * height + j) * width + i;
      if (data[voxel] === 0) continue;
      for (const side of sides) {
        if (data[voxel + side.step * strides[side.axis]] === 1) continue;
        addFace(growing, [i, j, k], side, planes, strides);
      }
    }
  }
}

function addFace(
  growing: Growing,
  [i, j, k]: Vector3,
  { axis, step, corners }: (typeof sides)[number],
  planes: readonly [CornerPlane, CornerPlane],
  strides: Vector3,
): void {
  const { data, shape } = growing.mask;
  const voxel = i + j * strides[1] + k * strides[2];
  const polygon: number[] = [];
  let start = 0;
  for (let n = 0; n < 4; n++) {
    const [corner, next] = [corners[n]!, corners[(n + 1) % 4]!];
    const plane = planes[(corner >> 2) as 0 | 1];
    const at = (j - 1 + ((corner >> 1) & 1)) * (shape[0] - 1) + i - 1 + (corner & 1);
    const face = 8 * axis + ((7 ^ corner) & ~(1 << axis));
    polygon.push(plane.vertices[at]! + cornerSheets[plane.patterns[at]!]!.ofFace[face]!);
    // The axis across the edge, within the face, and the voxels there.
    const across = ([0, 1, 2] as const).find((other) => other !== axis && ((corner ^ next) & (1 << other)) === 0)!;
    const beside = strides[across] * (((corner >> across) & 1) === 1 ? 1 : -1);
    if (data[voxel + beside] === 1 || data[voxel + beside + step * strides[axis]] === 0) continue;
    start = polygon.length;
    polygon.push(middleOf(growing, [i, j, k], voxel, corner, next));
  }
  addPolygon(growing, polygon, start);
}

/** A voxel touches another only by an edge: the vertex in its middle that this one's two faces share. */
function middleOf({ mask, positions, middles }: Growing, at: Vector3, voxel: number, corner: number, next: number) {
  // Along each axis 0, 1 or 2 halves of the voxel from its - side.
  const halves = ([0, 1, 2] as const).map((axis) => ((corner >> axis) & 1) + ((next >> axis) & 1));
  const key = voxel * 27 + halves[0]! + 3 * halves[1]! + 9 * halves[2]!;
  const known = middles.get(key);
  if (known !== undefined) return known;
  const vertex = positions.length / 3;
  for (const axis of [0, 1, 2] as const)
    positions.push(mask.from[axis] + at[axis] - 1 + (halves[axis]! - 1) * (0.5 - gap));
  middles.set(key, vertex);
  return vertex;
}

/** A fan from a middle of an edge, so that no triangle joins the two ends of an edge that has one. */
function addPolygon({ triangles, edges }: Growing, polygon: readonly number[], start: number): void {
  const vertex = (n: number) => polygon[(start + n) % polygon.length]!;
  for (let n = 1; n < polygon.length - 1; n++) triangles.push(vertex(0), vertex(n), vertex(n + 1));
  for (let n = 0; n < polygon.length; n++) edges.push(vertex(n), vertex(n + 1));
}
