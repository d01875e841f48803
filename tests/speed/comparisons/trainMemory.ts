import { unetMemory } from '../support/unetMemory.ts';

export const comparison = unetMemory('train-memory', 2);
