import { dicomMemory } from '../support/dicomMemory.ts';

export const comparison = dicomMemory('dicom-memory-jpegls', 'jpegls');
