import { mul, stopGradient, sub } from '../../graph/elementwise.ts';
import { softmax } from '../../graph/arrays.ts';
import { constant } from '../../graph/sources.ts';
import { addNoise, type Strategy } from './strategy.ts';

/**
 * x_T-recycling (Fu et al. 2023): a first pass at T-1 on pure noise, in which nothing of the true mask can leak, gives a prediction;
 * the noise is put on that instead of the true mask. No gradient flows through the first pass.
 */
export const recycling: Strategy = {
  firstPass: 'noisiest',
  conditions: false,
  noisyInput(denoiser, inputs) {
    const noisiest = constant([1], inputs.time.shape);
    const probability = softmax(denoiser(inputs.image, inputs.firstNoise, noisiest), 1);
    const xStartPred = stopGradient(sub(mul(probability, 2), 1));
    return { xT: addNoise(xStartPred, inputs.noise, inputs) };
  },
};
