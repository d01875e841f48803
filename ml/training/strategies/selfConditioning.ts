import { mul, stopGradient } from '../../graph/elementwise.ts';
import { constant } from '../../graph/sources.ts';
import {
  addNoise,
  perSample,
  type DiffusionInputs,
  type FirstPass,
  type StepNumbers,
  type Strategy,
} from './strategy.ts';
import type { Node } from '../../graph/ops.ts';

/**
 * Self-conditioning (Chen et al. 2023, "Analog Bits", algorithm 1): a first pass with an empty second mask; half of the samples see its
 * prediction as second mask, the others the empty one again. The first pass is made at t, on the same noisy mask, ...
 */
export const selfConditioning: Strategy = {
  firstPass: 'same',
  conditions: true,
  noisyInput(firstPass, inputs) {
    const xT = addNoise(inputs.xStart, inputs.noise, inputs);
    return { xT, condition: conditionOf(firstPass, inputs, xT, inputs) };
  },
};

/** ... or at t+1, as in sampling, where the second mask is the prediction of the step before (Fu et al. 2023). */
export const selfConditioningNext: Strategy = {
  firstPass: 'next',
  conditions: true,
  noisyInput(firstPass, inputs) {
    const xNext = addNoise(inputs.xStart, inputs.firstNoise, inputs.next);
    const xT = addNoise(inputs.xStart, inputs.noise, inputs);
    return { xT, condition: conditionOf(firstPass, inputs, xNext, inputs.next) };
  },
};

function conditionOf(firstPass: FirstPass, { conditioned }: DiffusionInputs, xT: Node, at: StepNumbers): Node {
  const empty = constant([0], xT.shape);
  const probability = stopGradient(firstPass(xT, at, empty));
  return mul(probability, perSample(conditioned, probability));
}
