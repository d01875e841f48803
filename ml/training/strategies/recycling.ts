import { constant } from '../../graph/sources.ts';
import { addNoise, recycled, type Strategy } from './strategy.ts';

/**
 * x_T-recycling (Fu et al. 2023): a first pass at T-1 on pure noise, in which nothing of the true mask can leak, gives a prediction;
 * the noise is put on that instead of the true mask. No gradient flows through the first pass.
 */
export const recycling: Strategy = {
  firstPass: 'noisiest',
  conditions: false,
  noisyInput(firstPass, inputs) {
    const { shape } = inputs.time;
    const noisiest = { time: constant([1], shape), signal: constant([0], shape), spread: constant([1], shape) };
    const xStartPred = recycled(firstPass(inputs.firstNoise, noisiest));
    return { xT: addNoise(xStartPred, inputs.noise, inputs) };
  },
};
