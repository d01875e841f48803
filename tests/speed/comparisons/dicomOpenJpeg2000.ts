import { dicomTime } from '../support/dicomTime.ts';

export const comparison = dicomTime('dicom-open-jpeg2000', 'jpeg2000');
