import type { Image } from './reader.ts';

/** What a segmentation becomes in DICOM, and what it belongs to. */
export interface DicomOptions {
  readonly as: 'seg' | 'labelmap' | 'fractional' | 'rtstruct';
  /** The series that was segmented: a folder, an archive, ...; `undefined` where the person named none, which is refused. */
  readonly source: string | undefined;
  /** The program that drew it; `undefined`: a person. */
  readonly algorithm: { readonly name: string; readonly version: string } | undefined;
}

export interface WriteOptions {
  /** What to do where the path exists. */
  readonly existing: 'refuse' | 'replace';
  /** How the surfaces of a mesh are made: the faces of the voxels, or smooth with the same volume (`some`, where left out). */
  readonly smoothing?: 'none' | 'some' | undefined;
  /** Only DICOM asks for them. */
  readonly dicom?: DicomOptions | undefined;
  /** Asked where writing takes long. */
  readonly signal?: AbortSignal | undefined;
}

/** A format that images are written in. To add one, write a file that exports a writer and name it in the table of write.ts. */
export interface ImageWriter {
  /** Name and extensions, for the error about names that none has. */
  readonly formats: string;
  readonly handles: (path: string) => boolean;
  /** Why the format cannot hold an image, and what can; `undefined` where it can. */
  readonly refuses: (image: Image, path: string) => { readonly what: string; readonly remedy: string } | undefined;
  /** What of an image does not come back from the file, in sentences. */
  readonly loses: (image: Image, options: WriteOptions) => readonly string[];
  /** Writes a file or folder that is whole, and read back and compared, or not there. */
  readonly write: (path: string, image: Image, options: WriteOptions) => Promise<void>;
}
