import { mul, stopGradient } from '../../graph/elementwise.ts';
import { softmax } from '../../graph/arrays.ts';
import { constant } from '../../graph/sources.ts';
import { addNoise, perSample, type Denoiser, type DiffusionInputs, type Strategy } from './strategy.ts';
import type { Node } from '../../graph/ops.ts';

/**
 * Self-conditioning (Chen et al. 2023, "Analog Bits", algorithm 1): a first pass with an empty second mask; half of the samples see its
 * prediction as second mask, the others the empty one again. The first pass is made at t, on the same noisy mask, ...
 */
export const selfConditioning: Strategy = {
  firstPass: 'same',
  conditions: true,
  noisyInput(denoiser, inputs) {
    const xT = addNoise(inputs.xStart, inputs.noise, inputs);
    return { xT, condition: conditionOf(denoiser, inputs, xT, inputs.time) };
  },
};

/** ... or at t+1, as in sampling, where the second mask is the prediction of the step before (Fu et al. 2023). */
export const selfConditioningNext: Strategy = {
  firstPass: 'next',
  conditions: true,
  noisyInput(denoiser, inputs) {
    const xNext = addNoise(inputs.xStart, inputs.firstNoise, inputs.next);
    const xT = addNoise(inputs.xStart, inputs.noise, inputs);
    return { xT, condition: conditionOf(denoiser, inputs, xNext, inputs.next.time) };
  },
};

function conditionOf(denoiser: Denoiser, { image, conditioned }: DiffusionInputs, xT: Node, time: Node): Node {
  const empty = constant([0], xT.shape);
  const probability = stopGradient(softmax(denoiser(image, xT, time, empty), 1));
  return mul(probability, perSample(conditioned, probability));
}
