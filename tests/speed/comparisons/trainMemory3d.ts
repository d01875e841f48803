import { unetMemory } from '../support/unetMemory.ts';

export const comparison = unetMemory('train-memory-3d', 3);
