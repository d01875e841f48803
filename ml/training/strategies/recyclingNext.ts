import { addNoise, recycled, type Strategy } from './strategy.ts';

/**
 * x_t-recycling (Fu et al. 2023): a first pass at t+1 on noise of the true mask gives a prediction, and fresh noise is put on that. What
 * the true mask leaks into the first pass is what x_T-recycling avoids. No gradient flows through the first pass.
 */
export const recyclingNext: Strategy = {
  firstPass: 'next',
  conditions: false,
  noisyInput(firstPass, inputs) {
    const xNext = addNoise(inputs.xStart, inputs.firstNoise, inputs.next);
    const xStartPred = recycled(firstPass(xNext, inputs.next));
    return { xT: addNoise(xStartPred, inputs.noise, inputs) };
  },
};
