import { addNoise, type Strategy } from './strategy.ts';

/** Noise on the true mask (Ho et al. 2020, algorithm 1). */
export const standard: Strategy = {
  firstPass: 'none',
  conditions: false,
  noisyInput: (_, inputs) => ({ xT: addNoise(inputs.xStart, inputs.noise, inputs) }),
};
