import { Problem } from '../../../../ml/check/problem.ts';
import type { DicomObject } from '../object.ts';
import { tags } from '../tags.ts';
import { type Palette, readPalette } from './palette.ts';

/** How the frames of an object are stored (PS3.3 section C.7.6.3); plain data, to be sent to threads. */
export interface PixelFormat {
  readonly rows: number;
  readonly columns: number;
  readonly samples: number;
  readonly frames: number;
  readonly photometric: string;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  /** The place of the most significant bit. */
  readonly highBit: number;
  readonly isSigned: boolean;
  readonly isFloat: boolean;
  /** Planar Configuration (0028,0006) is 1: plane after plane. */
  readonly isPlanar: boolean;
  readonly palette: Palette | undefined;
}

/**
 * @throws Problem `data` where the object has no pixel data, or its description makes no sense.
 */
export function readPixelFormat({ path, dataset, pixels, warnings }: DicomObject): PixelFormat {
  const refuse = (what: string): Problem =>
    new Problem('data', what, path, 'Get the file again from its source; if it is the same, it cannot be read.');
  if (pixels === undefined) throw refuse(['the file holds no picture', ...warnings].join('; '));
  const whole = (tag: string, standard: number | undefined, least: number, most: number): number => {
    const [value = standard] = dataset.numbers(tag);
    if (value !== undefined && Number.isInteger(value) && value >= least && value <= most) return value;
    const found = value === undefined ? 'is missing' : `is ${dataset.text(tag) ?? value}`;
    throw refuse(`attribute (${tag.slice(0, 4)},${tag.slice(4)}), a number from ${least} to ${most}, ${found}`);
  };
  const floatBits = { PixelData: undefined, FloatPixelData: 32, DoubleFloatPixelData: 64 }[pixels.attribute];
  const bitsAllocated = floatBits ?? whole(tags.BitsAllocated, undefined, 1, 32);
  const bitsStored = floatBits ?? whole(tags.BitsStored, bitsAllocated, 1, bitsAllocated);
  const samples = whole(tags.SamplesPerPixel, 1, 1, 4);
  const photometric = dataset.text(tags.PhotometricInterpretation) ?? (samples === 3 ? 'RGB' : 'MONOCHROME2');
  return {
    rows: whole(tags.Rows, undefined, 1, 65535),
    columns: whole(tags.Columns, undefined, 1, 65535),
    samples,
    frames: whole(tags.NumberOfFrames, 1, 1, 2 ** 31 - 1),
    photometric,
    bitsAllocated,
    bitsStored,
    highBit:
      floatBits === undefined ? whole(tags.HighBit, bitsStored - 1, bitsStored - 1, bitsAllocated - 1) : floatBits - 1,
    isSigned: dataset.number(tags.PixelRepresentation) === 1,
    isFloat: floatBits !== undefined,
    isPlanar: samples > 1 && dataset.number(tags.PlanarConfiguration) === 1,
    palette: photometric === 'PALETTE COLOR' ? readPalette(dataset, path) : undefined,
  };
}

/** Bits of one frame as stored without compression; frames of single bits follow each other within a byte. */
export function bitsOfFrame({ rows, columns, samples, bitsAllocated, photometric }: PixelFormat): number {
  // PS3.3 section C.7.6.3.1.2: two pixels share their colour.
  const perPixel = photometric === 'YBR_FULL_422' ? 2 : samples;
  return rows * columns * perPixel * bitsAllocated;
}
