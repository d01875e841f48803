import type { Membership } from '../nn/classProbability.ts';
import { mostLikelyClass } from './entropy.ts';

/** A voxel belongs to a class that may overlap others where its probability is above this. */
const LIKELY = 0.5;

/**
 * One class for every voxel: the most likely of exclusive ones; of independent ones the last that is likely, so that a structure listed after
 * the one it lies in shows.
 *
 * @param probability Float32Array [classes, k, j, i], background first.
 * @returns           Uint8Array [k, j, i], class indices.
 */
export function labelMap(probability: Float32Array, classes: number, membership: Membership): Uint8Array {
  if (membership === 'exclusive') return mostLikelyClass(probability, classes);
  const voxels = probability.length / classes;
  const map = new Uint8Array(voxels);
  for (let c = 1; c < classes; c++)
    for (let v = 0; v < voxels; v++) if (probability[c * voxels + v]! > LIKELY) map[v] = c;
  return map;
}

/**
 * The whole of one class, with what of it lies in others: 1 where a voxel belongs to it.
 *
 * @param map What `labelMap` made of the probability.
 */
export function maskOfClass(
  probability: Float32Array,
  map: Uint8Array,
  index: number,
  membership: Membership,
): Uint8Array {
  if (membership === 'exclusive') return map.map((own) => Number(own === index));
  return Uint8Array.from(probability.subarray(index * map.length, (index + 1) * map.length), (p) => Number(p > LIKELY));
}

/** Voxels of each class, the whole of each where they overlap. */
export function countVoxelsOfClasses(probability: Float32Array, classes: number, membership: Membership): number[] {
  const counts = new Array<number>(classes).fill(0);
  if (membership === 'exclusive') for (const index of mostLikelyClass(probability, classes)) counts[index]!++;
  else {
    const voxels = probability.length / classes;
    for (let at = 0; at < probability.length; at++) if (probability[at]! > LIKELY) counts[Math.floor(at / voxels)]!++;
  }
  return counts;
}
