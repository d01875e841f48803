import { readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { sharedData } from '../../../support/data.ts';

const own = resolve(import.meta.dirname, '../../../data/dicom');

export interface DicomFile {
  readonly path: string;
  /** From the folder of all DICOM files: the same for our own copies and the optional data. */
  readonly name: string;
}

function filesIn(folder: string): DicomFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, name: relative(folder, path).replaceAll('\\', '/') }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** Every DICOM file that there is to test with: the small ones of the repository, or the optional data, which holds them too. */
export function dicomFiles(): DicomFile[] {
  const shared = sharedData();
  return filesIn(shared === undefined ? own : join(shared, 'dicom'));
}

/** One of the files in tests/data/dicom. */
export function ownDicomFile(name: string): string {
  return join(own, name);
}

export function ownDicomFiles(): DicomFile[] {
  return filesIn(own);
}
