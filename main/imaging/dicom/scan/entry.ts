import type { DicomSource } from '../object.ts';

/** A file, on disk or in an archive, that may be DICOM. */
export interface Entry {
  /** What to call it: for one in an archive the archive's path and its own. */
  readonly path: string;
  /** The archive or file on disk that holds it. */
  readonly file: string;
  open(): Promise<DicomSource>;
}

export const fileEntry = (path: string): Entry => ({ path, file: path, open: () => Promise.resolve(path) });
