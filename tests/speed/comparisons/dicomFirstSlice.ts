import { dicomFirstSlice } from '../support/dicomTime.ts';

export const comparison = dicomFirstSlice('dicom-first-slice', 'raw');
