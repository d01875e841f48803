import { addNoise, type Strategy } from './strategy.ts';

/** Noise on the true mask (Ho et al. 2020, algorithm 1). */
export const standard: Strategy = (_, inputs) => addNoise(inputs.xStart, inputs.noise, inputs);
