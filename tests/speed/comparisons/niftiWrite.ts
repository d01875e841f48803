import { niftiTime } from '../support/niftiTime.ts';

export const comparison = niftiTime('nifti-write', 'write');
