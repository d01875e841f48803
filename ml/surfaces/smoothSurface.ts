import { surfaceParts } from './surfaceParts.ts';
import type { IndexSurface } from './voxelSurface.ts';

// A pass band of 1 / shrink + 1 / grow = 0.1 (Taubin 1995, section 4).
const shrink = 0.5;
const grow = -1 / (1 / shrink - 0.1);
const rounds = 30;

/**
 * A surface without the steps of its voxels: Taubin's low-pass filter (A signal processing approach to fair surface design,
 * SIGGRAPH 1995), after which each connected part is moved along its normals until it encloses the volume that it had. The same
 * vertices and triangles; what is flat or round stays where it is, what is thinner than about two voxels changes its shape.
 *
 * The weights of the filter are those of an affine map, so that smoothing in voxel indices is smoothing in millimetres.
 */
export function smoothSurface(surface: IndexSurface): IndexSurface {
  const { edges } = surface;
  const positions = surface.positions.slice();
  const degrees = new Uint32Array(positions.length / 3);
  for (let e = 0; e < edges.length; e += 2) degrees[edges[e]!]!++;
  for (let round = 0; round < rounds; round++)
    for (const factor of [shrink, grow]) relax(positions, edges, degrees, factor);
  return restoreVolume({ ...surface, positions }, surface);
}

/** Moves each vertex by `factor` of the way to the mean of its neighbours. */
function relax(positions: Float64Array, edges: Uint32Array, degrees: Uint32Array, factor: number): void {
  const sums = new Float64Array(positions.length);
  for (let e = 0; e < edges.length; e += 2) {
    const [a, b] = [3 * edges[e]!, 3 * edges[e + 1]!];
    sums[a]! += positions[b]!;
    sums[a + 1]! += positions[b + 1]!;
    sums[a + 2]! += positions[b + 2]!;
  }
  for (let n = 0; n < positions.length; n++)
    positions[n]! += factor * (sums[n]! / degrees[Math.floor(n / 3)]! - positions[n]!);
}

/** How far, in voxels, a part may have to move: a lone voxel, which shrinks most, needs 0.8. */
const reach = 1.5;
const halvings = 24;

/** Finds by bisection for each connected part how far it must move along its normals. */
function restoreVolume(smoothed: IndexSurface, original: IndexSurface): IndexSurface {
  const { parts, count } = surfaceParts(original);
  const wanted = volumes(original.positions, original.triangles, parts, count);
  const normals = vertexNormals(smoothed);
  const low = new Float64Array(count).fill(-reach);
  const high = new Float64Array(count).fill(reach);
  const moved = new Float64Array(smoothed.positions.length);
  for (let halving = 0; halving < halvings; halving++) {
    const middle = low.map((value, part) => (value + high[part]!) / 2);
    for (let n = 0; n < moved.length; n++)
      moved[n] = smoothed.positions[n]! + middle[parts[Math.floor(n / 3)]!]! * normals[n]!;
    const enclosed = volumes(moved, smoothed.triangles, parts, count);
    for (let part = 0; part < count; part++) (enclosed[part]! < wanted[part]! ? low : high)[part] = middle[part]!;
  }
  return { ...smoothed, positions: moved };
}

/** What each part encloses, voxels; below 0 where it bounds a hole. */
function volumes(positions: Float64Array, triangles: Uint32Array, parts: Uint32Array, count: number): Float64Array {
  const sums = new Float64Array(count);
  // Small numbers lose less: from a place on the surface.
  const [x, y, z] = [positions[0]!, positions[1]!, positions[2]!];
  for (let t = 0; t < triangles.length; t += 3) {
    const [a, b, c] = [3 * triangles[t]!, 3 * triangles[t + 1]!, 3 * triangles[t + 2]!];
    const [ax, ay, az] = [positions[a]! - x, positions[a + 1]! - y, positions[a + 2]! - z];
    const [bx, by, bz] = [positions[b]! - x, positions[b + 1]! - y, positions[b + 2]! - z];
    const [cx, cy, cz] = [positions[c]! - x, positions[c + 1]! - y, positions[c + 2]! - z];
    sums[parts[a / 3]!]! += (ax * (by * cz - bz * cy) + ay * (bz * cx - bx * cz) + az * (bx * cy - by * cx)) / 6;
  }
  return sums;
}

/** Unit vectors outward, the mean over the triangles at a vertex by their areas. */
function vertexNormals({ positions, triangles }: IndexSurface): Float64Array {
  const normals = new Float64Array(positions.length);
  for (let t = 0; t < triangles.length; t += 3) {
    const [a, b, c] = [3 * triangles[t]!, 3 * triangles[t + 1]!, 3 * triangles[t + 2]!];
    const along = (axis: number) => positions[b + axis]! - positions[a + axis]!;
    const aside = (axis: number) => positions[c + axis]! - positions[a + axis]!;
    for (let axis = 0; axis < 3; axis++) {
      const [next, last] = [(axis + 1) % 3, (axis + 2) % 3];
      const part = along(next) * aside(last) - along(last) * aside(next);
      for (const vertex of [a, b, c]) normals[vertex + axis]! += part;
    }
  }
  for (let v = 0; v < normals.length; v += 3) {
    const size = Math.hypot(normals[v]!, normals[v + 1]!, normals[v + 2]!);
    if (size > 0) for (let axis = 0; axis < 3; axis++) normals[v + axis]! /= size;
  }
  return normals;
}
