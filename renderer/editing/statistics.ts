import { voxelVolume } from '../../ml/volume/grid.ts';
import type { Labels } from './labels.ts';

/** How much there is of each label. @returns Uint32Array [labels], voxels. */
export function countVoxels({ data }: Labels): Uint32Array {
  const counts = new Uint32Array(2 ** (8 * data.BYTES_PER_ELEMENT));
  for (const label of data) counts[label]!++;
  return counts;
}

/** Brings counts up to date after a change, without counting again. */
export function recount(counts: Uint32Array, runs: Uint32Array): void {
  for (let run = 0; run < runs.length; run += 4) {
    counts[runs[run + 2]!]! -= runs[run + 1]!;
    counts[runs[run + 3]!]! += runs[run + 1]!;
  }
}

/** Of so many voxels, mL; `undefined` where the file knows no size. */
export function millilitres({ grid }: Labels, voxels: number): number | undefined {
  return grid.unit === 'mm' ? (voxels * voxelVolume(grid)) / 1000 : undefined;
}
