import type { DicomObject } from '../object.ts';
import { tags } from '../tags.ts';
import { frameAttributes, type FrameAttributes } from './attributes.ts';
import { readContrast, readTimes, type Contrast, type Times } from './contrast.ts';
import type { Instance } from './instance.ts';
import { readPixelSize, type PixelSize } from './pixelSize.ts';
import { readPlane, type Plane } from './plane.ts';
import { readScaling, type Scaling } from './scaling.ts';
import { readSuvFactor, type SuvFactor } from './suv.ts';

/** One frame of an object: all that decides which volume it belongs to, where it lies, and what its values mean. */
export interface Frame<Source> {
  readonly instance: Instance<Source>;
  /** Its number in the object, from 0. */
  readonly index: number;
  readonly plane: Plane | undefined;
  /** Whether the file names a place that cannot be an image's. */
  readonly misplaced: boolean;
  readonly pixelSize: PixelSize | undefined;
  /** Distance to the next slice as the file claims it, mm, else the slice's thickness. */
  readonly thickness: number | undefined;
  /** Name of the stack in its object; empty in classic objects. Frames of reference tell nothing: anonymisation often gives each slice its own. */
  readonly stack: string;
  readonly contrast: Contrast;
  readonly times: Times;
  readonly scaling: Scaling;
  readonly suv: SuvFactor | undefined;
}

/** @param object The header that `instance` was read from. */
export function readFrames<Source>({ dataset }: DicomObject, instance: Instance<Source>): readonly Frame<Source>[] {
  const offsets = dataset.numbers(tags.GridFrameOffsetVector);
  // Dose planes may be counted from the origin of the patient instead of the first plane (PS3.3 C.8.8.3.2).
  const [start = 0] = offsets;
  const suv = readSuvFactor(dataset);
  return frameAttributes(dataset, instance.frames).map((attributes, index) => ({
    instance,
    index,
    ...placeOf(attributes, (offsets[index] ?? start) - start),
    pixelSize: readPixelSize(attributes),
    thickness: readThickness(attributes),
    stack: attributes.macro(tags.FrameContentSequence).text(tags.StackID) ?? '',
    contrast: readContrast(attributes),
    times: readTimes(attributes, instance.frames === 1 ? undefined : index),
    scaling: readScaling(attributes, instance.stored.signed),
    suv,
  }));
}

function readThickness({ root, macro }: FrameAttributes): number | undefined {
  const measures = macro(tags.PixelMeasuresSequence);
  const candidates = [
    measures.number(tags.SpacingBetweenSlices),
    root.number(tags.SpacingBetweenSlices),
    measures.number(tags.SliceThickness),
  ];
  return candidates.find((value) => value !== undefined && Number.isFinite(value) && value > 0);
}

function placeOf(attributes: FrameAttributes, offset: number): Pick<Frame<unknown>, 'plane' | 'misplaced'> {
  const plane = readPlane(attributes, offset);
  const isNamed = attributes.macro(tags.PlanePositionSequence).numbers(tags.ImagePositionPatient).length > 0;
  return { plane, misplaced: plane === undefined && isNamed };
}
