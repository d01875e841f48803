import { invariant } from '../check/invariant.ts';
import type { Membership } from '../nn/classProbability.ts';

/** The entropy of a voxel of which nothing is known, bits: one of all classes, or each structure there or not. */
export const mostEntropy = (classes: number, membership: Membership): number =>
  membership === 'exclusive' ? Math.log2(classes) : classes - 1;

/**
 * Predictive entropy of each voxel, -sum p log2 p; of independent classes the sum over all structures of whether the voxel belongs to them.
 *
 * @param probability Float32Array [classes, k, j, i], in [0, 1], background first; exclusive classes sum to 1.
 * @returns           Float32Array [k, j, i], bits, in [0, mostEntropy].
 */
export function predictiveEntropy(
  probability: Float32Array,
  classes: number,
  membership: Membership = 'exclusive',
): Float32Array {
  const voxels = voxelsOf(probability, classes);
  const entropy = new Float32Array(voxels);
  const isExclusive = membership === 'exclusive';
  const most = mostEntropy(classes, membership);
  for (let v = 0; v < voxels; v++) {
    let bits = 0;
    for (let at = isExclusive ? v : v + voxels; at < probability.length; at += voxels) {
      const p = probability[at]!;
      bits += surprise(p);
      if (!isExclusive) bits += surprise(1 - p);
    }
    // Rounding alone makes a certain voxel fall below 0 (p a little above 1) or an even one rise above the most there can be.
    entropy[v] = Math.min(Math.max(bits, 0), most);
  }
  return entropy;
}

const surprise = (p: number): number => (p > 0 ? -p * Math.log2(p) : 0);

/**
 * The most likely class of each voxel; the lowest of equals, so that the background wins a draw.
 *
 * @param probability Float32Array [classes, k, j, i].
 * @returns           Uint8Array [k, j, i], class indices.
 */
export function mostLikelyClass(probability: Float32Array, classes: number): Uint8Array {
  invariant(classes <= 256, 'class indices fit a byte');
  const voxels = voxelsOf(probability, classes);
  const best = new Uint8Array(voxels);
  const highest = probability.slice(0, voxels);
  for (let c = 1; c < classes; c++) {
    for (let v = 0, at = c * voxels; v < voxels; v++, at++) {
      if (probability[at]! <= highest[v]!) continue;
      highest[v] = probability[at]!;
      best[v] = c;
    }
  }
  return best;
}

function voxelsOf(probability: Float32Array, classes: number): number {
  invariant(classes > 0 && probability.length % classes === 0, 'probabilities hold every class of every voxel');
  return probability.length / classes;
}
