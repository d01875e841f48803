import { invariant } from '../check/invariant.ts';

/**
 * Predictive entropy of each voxel, -sum p log2 p.
 *
 * @param probability Float32Array [classes, k, j, i], in [0, 1], summing to 1 over the exclusive classes.
 * @returns           Float32Array [k, j, i], bits, in [0, log2(classes)].
 */
export function predictiveEntropy(probability: Float32Array, classes: number): Float32Array {
  const voxels = voxelsOf(probability, classes);
  const entropy = new Float32Array(voxels);
  for (let v = 0; v < voxels; v++) {
    let bits = 0;
    for (let at = v; at < probability.length; at += voxels) {
      const p = probability[at]!;
      if (p > 0) bits -= p * Math.log2(p);
    }
    // Rounding alone makes a certain voxel fall below 0 (p a little above 1) or an even one rise above the most there can be.
    entropy[v] = Math.min(Math.max(bits, 0), Math.log2(classes));
  }
  return entropy;
}

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
