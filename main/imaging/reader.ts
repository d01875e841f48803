import type { Volume } from '../../ml/volume/volume.ts';
import type { ReportProgress } from '../jobs/progress.ts';
import type { Display } from './display.ts';
import type { NiftiGeometry } from './nifti/header.ts';
import type { Segment } from './segments.ts';

type ImageFormat = 'nifti' | 'analyze' | 'nrrd' | 'metaimage' | 'picture' | 'dicom';

/** A scan as every command gets it, whatever its format. */
export interface Image {
  readonly path: string;
  readonly format: ImageFormat;
  /**
   * Real values (HU where the format knows); `channels` is frames (time points, or layers of a segmentation) times
   * `components`, channel = frame * components + component.
   */
  readonly volume: Volume;
  /** Numbers a voxel: 3 for RGB. */
  readonly components: number;
  /** The structures, where the file says that it is a segmentation. */
  readonly segments?: readonly Segment[] | undefined;
  /** Of the values: `HU`, `SUVbw`, `BQML`, ...; `null` where the file does not say. */
  readonly unit: string | null;
  /** Whether the values went through a compression that changed them. */
  readonly lossy: boolean;
  /** How it is best shown, where the file says. */
  readonly display?: Display | undefined;
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
  /** Where a path holds several volumes, `PATH#N`, which chooses this one. */
  readonly path: string;
  readonly format: ImageFormat;
  readonly modality: string | null;
  /** Whether it was drawn on another image, which may lie beside it; absent where the format does not say. */
  readonly kind?: 'segmentation' | undefined;
  readonly description: string;
  /** What results are called after, safe as a file's name, where that is not the path. */
  readonly name?: string | undefined;
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

export interface OpenOptions {
  readonly signal: AbortSignal;
  readonly report?: ReportProgress | undefined;
}

/** Told of a volume while it is being read, so that it can be shown before it is whole. */
interface Arrival {
  /**
   * Before the first slice: where its voxels will be. `data` fills up until it is what the image holds. Called again where the voxels need a
   * wider type; what had arrived is there, too.
   */
  readonly begin: (volume: Volume) => void;
  /** A slice of a frame (time point) is there for good, with all its components. Those in the middle come first. */
  readonly slice: (slice: number, frame: number) => void;
}

export interface ReadOptions extends OpenOptions {
  /** What becomes of slices that are tilted, missing or unevenly spaced. */
  readonly irregular: 'refuse' | 'resample';
  /** DICOM tells of the slices of a regular volume; all else comes at once. */
  readonly arrival?: Arrival | undefined;
}

/** An element of a header; `depth` counts the sequences it is in. */
export interface HeaderElement {
  /** `(0008,0060)`. */
  readonly tag: string;
  /** Its keyword, or nothing where it is not known here. */
  readonly name: string;
  /** Its value representation. */
  readonly type: string;
  readonly value: string;
  readonly depth: number;
}

/** One volume that was found. */
export interface ImageSource {
  readonly description: ImageDescription;
  /** The elements of its header, of the first where it has several; only DICOM has such. */
  readonly elements?: (() => Promise<readonly HeaderElement[]>) | undefined;
  /** @throws Problem `data` where it is damaged, not supported, or irregular and to be refused; `memory` where it does not fit. */
  read(options: ReadOptions): Promise<Image>;
}

/** A format. To add one, write a file that exports a reader and name it in the list of image.ts. */
export interface ImageReader {
  /** Names and extensions, for the error about files that none handles. */
  readonly formats: string;
  /** @param path A file or a folder. */
  handles(path: string): Promise<boolean>;
  /** What is there, one or more, from headers alone. */
  open(path: string, options: OpenOptions): Promise<readonly ImageSource[]>;
}
