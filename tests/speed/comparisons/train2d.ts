import { unetTime } from '../support/unetTime.ts';

export const comparison = unetTime('train-2d', 2, 'train');
