import type { Volume } from '../../ml/volume/volume.ts';
import type { NiftiGeometry } from './nifti/header.ts';

/** A scan as every command gets it, whatever its format. */
export interface Image {
  readonly path: string;
  readonly format: 'nifti';
  /** Real values (HU where the format knows), one channel a frame or sequence. */
  readonly volume: Volume;
  /** Every file the image was read from. */
  readonly files: readonly string[];
  readonly description: string;
  readonly modality: string | undefined;
  /** Where the image came from a NIfTI: what `writeNifti` needs to give its results exactly the same header geometry. */
  readonly geometry: NiftiGeometry | undefined;
  readonly warnings: readonly string[];
}

/** One entry of `volumes` in `info --json`; known from headers alone. */
export interface ImageDescription {
  readonly path: string;
  readonly format: 'nifti';
  readonly modality: string | null;
  readonly description: string;
  /** [x, y], [x, y, z] or [x, y, z, t]. */
  readonly shape: readonly number[];
  /** Numbers a voxel. */
  readonly components: number;
  /** As stored, before scaling. */
  readonly dataType: string;
  /** mm along x, y, z; `null` where unknown. */
  readonly spacing: readonly number[] | null;
  /** LPS mm of the first voxel's centre. */
  readonly origin: readonly number[];
  /** 9 numbers, row-major; columns are the LPS unit vectors of the index axes. */
  readonly direction: readonly number[];
  readonly orientation: string;
  readonly transferSyntax: string | null;
  readonly rescale: { readonly slope: number; readonly intercept: number } | null;
  readonly unit: string | null;
  readonly frames: number;
  /** How many files hold the image. */
  readonly files: number;
  readonly warnings: readonly string[];
}

/** A format. To add one, write a file that exports a reader and name it in the list of image.ts. */
export interface ImageReader {
  /** Names and extensions, for the error about files that none handles. */
  readonly formats: string;
  handles(path: string): Promise<boolean>;
  read(path: string): Promise<Image>;
  describe(path: string): Promise<ImageDescription>;
}
