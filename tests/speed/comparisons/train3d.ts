import { unetTime } from '../support/unetTime.ts';

export const comparison = unetTime('train-3d', 3, 'train');
