import { dicomTime } from '../support/dicomTime.ts';

export const comparison = dicomTime('dicom-open-raw', 'raw');
