import { invariant } from '../check/invariant.ts';
import type { VoxelArray } from '../volume/volume.ts';

/**
 * How well entropy finds the wrong voxels: the area under the ROC curve, which is the chance that a wrong voxel has the higher entropy
 * than a right one, equals counting half (Hanley and McNeil 1982).
 *
 * @param entropy               Float32Array [k, j, i].
 * @param prediction,reference  Labels `[k, j, i]`.
 * @param inside                Uint8Array [k, j, i]; voxels with 1 are counted.
 * @returns                     In [0, 1]; undefined where no voxel inside is wrong, or none is right.
 */
export function errorDetection(
  entropy: Float32Array,
  prediction: VoxelArray,
  reference: VoxelArray,
  inside: Uint8Array,
): number | undefined {
  const voxels = entropy.length;
  invariant(
    prediction.length === voxels && reference.length === voxels && inside.length === voxels,
    'all arrays are on one grid',
  );
  const wrong = entropy.filter((_, v) => inside[v] === 1 && prediction[v] !== reference[v]).sort();
  const right = entropy.filter((_, v) => inside[v] === 1 && prediction[v] === reference[v]).sort();
  if (wrong.length === 0 || right.length === 0) return undefined;

  let won = 0;
  let below = 0;
  let notAbove = 0;
  for (const bits of wrong) {
    while (below < right.length && right[below]! < bits) below++;
    while (notAbove < right.length && right[notAbove]! <= bits) notAbove++;
    won += (below + notAbove) / 2;
  }
  return won / (wrong.length * right.length);
}
