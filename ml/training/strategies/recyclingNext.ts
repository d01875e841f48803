import { mul, stopGradient, sub } from '../../graph/elementwise.ts';
import { softmax } from '../../graph/arrays.ts';
import { addNoise, type Strategy } from './strategy.ts';

/**
 * x_t-recycling (Fu et al. 2023): a first pass at t+1 on noise of the true mask gives a prediction, and fresh noise is put on that. What
 * the true mask leaks into the first pass is what x_T-recycling avoids. No gradient flows through the first pass.
 */
export const recyclingNext: Strategy = {
  firstPass: 'next',
  conditions: false,
  noisyInput(denoiser, inputs) {
    const xNext = addNoise(inputs.xStart, inputs.firstNoise, inputs.next);
    const probability = softmax(denoiser(inputs.image, xNext, inputs.next.time), 1);
    const xStartPred = stopGradient(sub(mul(probability, 2), 1));
    return { xT: addNoise(xStartPred, inputs.noise, inputs) };
  },
};
