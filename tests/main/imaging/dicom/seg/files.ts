import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type DicomObject, readDicomObject } from '../../../../../main/imaging/dicom/object.ts';
import { sharedData } from '../../../../support/data.ts';

const repository = join(import.meta.dirname, '../../../../data/dicom-seg');

export const testFile = (name: string) => join(repository, name);

export const openObject = (path: string, pixels: boolean): Promise<DicomObject> => readDicomObject(path, { pixels });

/** The three CT slices that `label.seg` was drawn on, in no order. */
export const openSlices = () =>
  Promise.all(['IMG0003.dcm', 'IMG0001.dcm', 'IMG0002.dcm'].map((name) => openObject(testFile(name), false)));

/** A file of the optional data folder; `undefined` where that is not there. */
export function sharedFile(path: string): string | undefined {
  const folder = sharedData();
  const file = folder === undefined ? undefined : join(folder, 'dicom', path);
  return file !== undefined && existsSync(file) ? file : undefined;
}
