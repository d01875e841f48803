import type { Grid } from '../../../ml/volume/grid.ts';
import type { Volume } from '../../../ml/volume/volume.ts';
import type { Code } from '../../imaging/segments.ts';
import type { Image, ReadOptions } from '../../imaging/reader.ts';

/** Whose an image or a label is. Nothing of it is ever written into a data set. */
export interface Patient {
  /** Equal for the same person. */
  readonly key: string;
  /** What would give the person away: names, numbers; for files the name that tells the person. */
  readonly identifiers: readonly string[];
}

/** A volume that may become a channel of a case. */
export interface FoundImage {
  /** Of its first file, for messages. */
  readonly path: string;
  readonly patient: Patient;
  /** What belongs together: a DICOM study, or files of one stem. */
  readonly exam: string;
  /** DICOM Series Instance UID. */
  readonly series?: string | undefined;
  /** DICOM Frame of Reference UIDs: careless anonymisation gives each slice its own. */
  readonly frames: readonly string[];
  /** What a file with a label may be matched by: see `placeKeys`. */
  readonly places: readonly string[];
  /** Description, modality and name: what the pattern of a channel is tried on. */
  readonly words: string;
  readonly modality: string | undefined;
  /** nnU-Net's number of the sequence; 0 elsewhere. */
  readonly number: number;
  /** What the folder's `dataset.json` calls the channels. */
  readonly channels?: readonly string[] | undefined;
  read(options: ReadOptions): Promise<Image>;
}

/** A structure as a file names it. */
export interface DrawnStructure {
  readonly name: string;
  readonly code: Code | null;
  /** In the file. */
  readonly value: number;
}

/** The structures of a file, as voxels. */
export interface Drawn {
  readonly volume: Volume;
  /** Of each structure the channel of the volume and the value there. */
  readonly structures: readonly (DrawnStructure & { readonly layer: number })[];
  readonly warnings: readonly string[];
}

/** A file in which structures were drawn. */
export interface FoundLabel {
  readonly path: string;
  readonly exam: string;
  /** Series that it says it was drawn on. */
  readonly series: readonly string[];
  readonly frame?: string | undefined;
  readonly isDicom: boolean;
  readonly places: readonly string[];
  /** Their names, before any case is built. */
  structures(signal: AbortSignal): Promise<readonly DrawnStructure[]>;
  /** @param grid Contours become voxels of it; masks keep the grid of their file. */
  read(grid: Grid, signal: AbortSignal): Promise<Drawn>;
}

/** What was not used, and why. */
export interface LeftOut {
  readonly path: string;
  readonly why: string;
}

/** Everything that the sources hold. */
export interface Inventory {
  readonly images: readonly FoundImage[];
  readonly labels: readonly FoundLabel[];
  readonly leftOut: readonly LeftOut[];
}
