/** Class probabilities in [0, 1] to diffusion space: 2p - 1. The target may be the input. */
export function toDiffusionSpace(
  mask: Float32Array,
  target: Float32Array = new Float32Array(mask.length),
): Float32Array {
  for (let i = 0; i < mask.length; i++) target[i] = 2 * mask[i]! - 1;
  return target;
}

/** Brings what lies outside of [-1, 1] to its nearest end, in place. */
export function clipToDiffusionSpace(x: Float32Array): Float32Array {
  for (let i = 0; i < x.length; i++) x[i] = Math.min(Math.max(x[i]!, -1), 1);
  return x;
}

/** Diffusion space in [-1, 1] to class probabilities; what lies outside is clipped. The target may be the input. */
export function toProbabilities(x: Float32Array, target: Float32Array = new Float32Array(x.length)): Float32Array {
  for (let i = 0; i < x.length; i++) target[i] = Math.min(Math.max(x[i]!, -1), 1) * 0.5 + 0.5;
  return target;
}
