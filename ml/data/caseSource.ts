import type { Vector3 } from '../volume/grid.ts';

/** A block of voxels. */
export interface Box {
  /** Index [k, j, i] of its first voxel; may be negative. */
  readonly start: Vector3;
  /** Number of voxels along [k, j, i]; may reach past the volume. */
  readonly size: Vector3;
}

/** The voxels of a box. */
export interface BoxVoxels {
  /** Float32Array [c, k, j, i], normalised. */
  readonly image: Float32Array;
  /** Uint8Array [k, j, i], classes. */
  readonly label: Uint8Array;
}

/** Preprocessed training cases, by index. Wherever they are kept, reading is synchronous: it happens off the main thread. */
export interface CaseSource {
  readonly channels: number;
  /** Voxels along [k, j, i]. */
  shape(caseIndex: number): Vector3;
  /** For each class, places [k, j, i] as linear indices of a sample of its voxels; none for the background and absent classes. */
  locations(caseIndex: number): readonly Uint32Array[];
  /**
   * Outside the volume the image is 0, which is the mean after normalisation, and the label 0, background.
   * Inference pads in the same way.
   */
  read(caseIndex: number, box: Box): BoxVoxels;
}
