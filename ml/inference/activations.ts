import type { activationNames } from './foreignConfig.ts';

/**
 * From the outputs of a network for one patch to class probabilities.
 *
 * @param outputs Float32Array [outputs, ...patch].
 * @returns       Float32Array [classes, ...patch]; may be `outputs` itself, changed.
 */
type Activation = (outputs: Float32Array, classes: number) => Float32Array;

export const activations: Readonly<Record<(typeof activationNames)[number], Activation>> = {
  softmax,
  sigmoid,
  none: (outputs) => outputs,
};

/** Shifted by the largest, so that nothing overflows. */
function softmax(outputs: Float32Array, classes: number): Float32Array {
  const voxels = outputs.length / classes;
  for (let v = 0; v < voxels; v++) {
    let largest = -Infinity;
    for (let at = v; at < outputs.length; at += voxels) largest = Math.max(largest, outputs[at]!);
    let total = 0;
    for (let at = v; at < outputs.length; at += voxels) total += outputs[at] = Math.exp(outputs[at]! - largest);
    for (let at = v; at < outputs.length; at += voxels) outputs[at]! /= total;
  }
  return outputs;
}

function sigmoid(outputs: Float32Array): Float32Array {
  const both = new Float32Array(2 * outputs.length);
  for (let v = 0; v < outputs.length; v++) {
    both[v] = 1 / (1 + Math.exp(outputs[v]!));
    both[outputs.length + v] = 1 / (1 + Math.exp(-outputs[v]!));
  }
  return both;
}
