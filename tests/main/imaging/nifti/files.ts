import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { sharedData } from '../../../support/data.ts';

export const testData = resolve(import.meta.dirname, '../../../data');

/** Every NIfTI below a folder, by name. */
function niftiFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(nii|nii\.gz|hdr|img)$|-nii\.gz$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}

/** All odd files there are, and some of every data set. */
export function realFiles(): readonly string[] {
  const shared = sharedData();
  if (shared === undefined) return niftiFiles(testData);
  const sets = readdirSync(shared, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !['dicom', 'licenses', 'nifti-edge'].includes(entry.name))
    .flatMap(({ name }) => sample(niftiFiles(join(shared, name)), 6));
  return [...niftiFiles(join(shared, 'nifti-edge')), ...sets, ...sample(niftiFiles(testData), 10)];
}

/** `count` files, evenly spread, or all. */
function sample(files: readonly string[], count: number): readonly string[] {
  const step = Math.max(1, files.length / count);
  return files.filter((_, n) => n === 0 || Math.floor(n / step) > Math.floor((n - 1) / step));
}
