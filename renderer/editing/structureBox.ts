import { type Box, boxAround, eachRow } from '../../ml/volume/box.ts';
import type { Vector3 } from '../../ml/volume/grid.ts';
import type { Labels } from './labels.ts';

/** A structure cut out of a label volume. */
export interface StructureBox extends Box {
  /** Uint8Array [k, j, i] of `shape`, 1 where the structure is. */
  readonly mask: Uint8Array;
  /** Offset in the volume of a voxel of the box. */
  readonly offsetOf: (voxel: number) => number;
}

/** A structure and so many voxels around it along each axis, within the volume; `undefined` where there is no voxel of it. */
export function structureBox({ grid, data }: Labels, label: number, margin: Vector3): StructureBox | undefined {
  const box = boxAround(data, grid.shape, label, margin);
  if (box === undefined) return undefined;
  const { from, shape } = box;
  const mask = new Uint8Array(shape[0] * shape[1] * shape[2]);
  eachRow(box, grid.shape, (row, at) => {
    for (let i = 0; i < shape[0]; i++) if (data[row + i] === label) mask[at + i] = 1;
  });
  const offsetOf = (voxel: number) => {
    const [i, row] = [voxel % shape[0], Math.floor(voxel / shape[0])];
    const [j, k] = [row % shape[1], Math.floor(row / shape[1])];
    return ((from[2] + k) * grid.shape[1] + from[1] + j) * grid.shape[0] + from[0] + i;
  };
  return { from, shape, mask, offsetOf };
}
