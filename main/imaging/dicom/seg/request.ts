import { Problem } from '../../../../ml/check/problem.ts';
import { invariant } from '../../../../ml/check/invariant.ts';
import type { Volume } from '../../../../ml/volume/volume.ts';
import type { Segment } from '../../segments.ts';
import type { SourceObject } from '../write/source.ts';

/** Who drew the structures (PS3.3 C.8.20.2). */
export type Drawing =
  | { readonly by: 'person' }
  /** `AUTOMATIC`, or `SEMIAUTOMATIC` where a person corrected or steered it. */
  | { readonly by: 'model' | 'both'; readonly name: string; readonly version: string };

/** A segmentation to be written as DICOM. */
export interface SegmentationRequest {
  /**
   * `binary`: most widely read; structures may overlap. `labelmap`: of the 2024 standard, much smaller, read by few yet. `fractional`: a
   * probability for each voxel, in steps of 1/255.
   */
  readonly kind: 'binary' | 'labelmap' | 'fractional';
  /** Labels, or for `fractional` probabilities in [0, 1], one channel a segment in their order. */
  readonly volume: Volume;
  readonly segments: readonly Segment[];
  /** Every object of the series that was segmented, in any order. */
  readonly sources: readonly SourceObject[];
  /** For people: Series Description. */
  readonly description: string;
  readonly drawing: Drawing;
  readonly now?: Date;
}

/**
 * @param path The file to be written, for the error.
 * @throws Problem `data` where a segmentation of this kind cannot hold what is asked for.
 */
export function refuseImpossible({ kind, volume, segments, sources }: SegmentationRequest, path: string): void {
  const { grid, channels, data } = volume;
  invariant(data.length === channels * grid.shape[0] * grid.shape[1] * grid.shape[2], 'the volume fits its grid');
  const refuse = (what: string, remedy: string) => {
    throw new Problem('data', what, path, remedy);
  };
  if (grid.unit !== 'mm')
    refuse('DICOM places every voxel in millimetres, and this grid has no size', 'Save it as NRRD or NIfTI.');
  if (sources.length === 0)
    refuse('a DICOM segmentation refers to the series it was drawn on, and none is given', 'Name the series.');
  if (segments.length === 0) refuse('there is no structure to save', 'Name the structures of the mask.');
  if (grid.shape[0] > 65535 || grid.shape[1] > 65535)
    refuse('DICOM holds slices of at most 65535 x 65535', 'Cut the volume.');
  if (kind === 'fractional') {
    invariant(channels === segments.length, 'fractions have one channel a segment');
    return;
  }
  for (const { value, layer, name } of segments) {
    invariant(Number.isInteger(value) && value > 0 && layer < channels, `segment ${name} has a value and a layer`);
  }
  if (kind === 'binary') return;
  if (channels > 1) refuse('a label map cannot hold structures that overlap', 'Save it as a binary segmentation.');
  const largest = Math.max(...segments.map(({ value }) => value));
  if (largest > 65535) refuse(`a label map holds labels up to 65535, and here is ${largest}`, 'Renumber the labels.');
}

/**
 * @param length Of the pixels of all frames, bytes.
 * @throws Problem `data` where a DICOM element cannot hold them (PS3.5 section 7.1).
 */
export function refuseTooLong(length: number, path: string): void {
  if (length <= 2 ** 32 - 2) return;
  const what = `its frames take ${(length / 2 ** 30).toFixed(1)} GiB, and DICOM holds less than 4`;
  throw new Problem('data', what, path, 'Save fewer structures in one file, or labels instead of probabilities.');
}
