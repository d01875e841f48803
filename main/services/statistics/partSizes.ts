import { byFaces, connectedParts } from '../../../ml/volume/connectedParts.ts';
import type { StructureMask } from '../../../ml/surfaces/structureMask.ts';

/** Numbers of voxels of the connected parts, the largest first. Voxels are connected by faces, as the surfaces of meshes are. */
export function partSizes({ shape, data }: StructureMask): readonly number[] {
  return connectedParts(data, shape, byFaces)
    .map((part) => part.length)
    .sort((a, b) => b - a);
}
