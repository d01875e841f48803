import { unetTime } from '../support/unetTime.ts';

export const comparison = unetTime('infer-2d', 2, 'infer');
