import { invariant } from '../../check/invariant.ts';
import { fillNormal } from '../../random/fillNormal.ts';
import type { Rng } from '../../random/rng.ts';
import { stream } from '../../random/stream.ts';

/**
 * One stream a sample, for samples first..first+count-1 of a seed. A sample's noise is its own, so its result does not depend on which
 * samples it is batched with.
 *
 * @param place What else tells this chain from others of the same sample, e.g. the window of a larger image.
 */
export function sampleStreams(
  seed: number,
  first: number,
  count: number,
  ...place: readonly (string | number)[]
): Rng[] {
  return Array.from({ length: count }, (_, i) => stream(seed, 'sample', first + i, ...place));
}

/** Overwrites target, Float32Array [n, ...], with standard normals, sample i from rngs[i]. Returns target. */
export function fillSampleNoise(target: Float32Array, rngs: readonly Rng[]): Float32Array {
  const size = target.length / rngs.length;
  invariant(Number.isInteger(size), `${target.length} values cannot be shared by ${rngs.length} samples`);
  for (const [i, rng] of rngs.entries()) fillNormal(target.subarray(i * size, (i + 1) * size), rng);
  return target;
}
