import { invariant } from '../../../ml/check/invariant.ts';
import { Problem } from '../../../ml/check/problem.ts';
import type { Grid } from '../../../ml/volume/grid.ts';
import { determinant } from '../../../ml/volume/matrix.ts';
import { smoothSurface } from '../../../ml/surfaces/smoothSurface.ts';
import { faceCount, structureMask } from '../../../ml/surfaces/structureMask.ts';
import type { Structure } from './structures.ts';
import { voxelSurface, type IndexSurface } from '../../../ml/surfaces/voxelSurface.ts';

/** `none`: the faces of the voxels. `some`: without their steps, and of the same volume. */
export type Smoothing = 'none' | 'some';

/** A surface of more voxel faces does not fit in the memory of what reads meshes, and needs a gigabyte here. */
const mostFaces = 10_000_000;

/** The closed surface of a structure. */
export interface Surface {
  readonly value: number;
  readonly name: string;
  /** `#rrggbb` in sRGB. */
  readonly colour: string;
  /** [vertices, 3], LPS mm. */
  readonly positions: Float32Array;
  /** [triangles, 3], vertices anticlockwise seen from outside. */
  readonly triangles: Uint32Array;
}

/**
 * The surface of a structure of at least one voxel, whatever its voxels closed and facing outward.
 *
 * @param grid Of the labels, in mm.
 * @throws Problem `memory` where the surface is too large, `data` where single precision, which all formats have, cannot tell voxels apart so far from the origin.
 */
export function surfaceOf(structure: Structure, grid: Grid, smoothing: Smoothing): Surface {
  invariant(structure.voxels > 0 && grid.unit === 'mm', 'a surface is that of something, in millimetres');
  const { value, name, colour, labels, box } = structure;
  const mask = structureMask(labels, grid.shape, value, box);
  const faces = faceCount(mask);
  if (faces > mostFaces)
    throw new Problem(
      'memory',
      `a surface of ${faces} voxel faces, and at most ${mostFaces} are possible`,
      name,
      'Check that this is a label map and no noise, or write it at a coarser spacing.',
    );
  const voxels = voxelSurface(mask);
  const surface = smoothing === 'none' ? voxels : smoothSurface(voxels);
  const positions = worldPositions(surface, grid);
  // Half a unit in the last place of the farthest coordinate moves a vertex by less than a hundredth of a voxel.
  const farthest = positions.reduce((most, part) => Math.max(most, Math.abs(part)), 0);
  if (!(farthest * 2 ** -24 < Math.min(...grid.spacing) / 100))
    throw new Problem(
      'data',
      `voxels of ${Math.min(...grid.spacing)} mm lie ${farthest} mm from the origin, too far for the numbers of a mesh`,
      name,
      'Correct the origin in the header of the image.',
    );
  return { value, name, colour, positions, triangles: outward(surface, grid) };
}

function worldPositions({ positions }: IndexSurface, { origin, spacing, direction: d }: Grid): Float32Array {
  const world = new Float32Array(positions.length);
  for (let v = 0; v < positions.length; v += 3) {
    const [i, j, k] = [positions[v]! * spacing[0], positions[v + 1]! * spacing[1], positions[v + 2]! * spacing[2]];
    world[v] = origin[0] + d[0] * i + d[1] * j + d[2] * k;
    world[v + 1] = origin[1] + d[3] * i + d[4] * j + d[5] * k;
    world[v + 2] = origin[2] + d[6] * i + d[7] * j + d[8] * k;
  }
  return world;
}

/** Left-handed index axes mirror the surface, which turns its triangles inside out. */
function outward({ triangles }: IndexSurface, { direction }: Grid): Uint32Array {
  if (determinant(direction) > 0) return triangles;
  const turned = triangles.slice();
  for (let t = 0; t < turned.length; t += 3) [turned[t + 1], turned[t + 2]] = [triangles[t + 2]!, triangles[t + 1]!];
  return turned;
}
