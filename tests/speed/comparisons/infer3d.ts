import { unetTime } from '../support/unetTime.ts';

export const comparison = unetTime('infer-3d', 3, 'infer');
