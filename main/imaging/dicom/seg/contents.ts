import type { Segment } from '../../segments.ts';
import type { Attributes } from '../write/attributes.ts';
import type { PixelBytes } from '../write/file.ts';
import { filledFrames, type OutputFrame, packedBits, type Stored, wholePixels } from './frames.ts';
import type { SegmentationRequest } from './request.ts';

/** The largest value of a stored probability. */
const maximumFraction = 255;

/** What the frames of a segmentation hold, and how. */
export interface Contents {
  readonly frames: readonly OutputFrame[];
  readonly stored: Stored;
  readonly pixels: PixelBytes;
  /** The number of each segment in the file: 1, 2, ..., but in a label map its label. */
  readonly numbers: readonly number[];
  /** Attributes of the modules Image Pixel and Segmentation Image that depend on the kind (PS3.3 C.8.20.2, C.8.23). */
  readonly attributes: Attributes;
}

export function contentsOf(request: SegmentationRequest): Contents {
  const { volume, segments, kind } = request;
  const [columns, rows, slices] = volume.grid.shape;
  const area = columns * rows;
  const stored = storedBy(request, area);
  const indices = kind === 'labelmap' ? [undefined] : segments.keys();
  const frames = filledFrames([...indices], slices, area, stored);
  const numbers = segments.map(({ value }, n) => (kind === 'labelmap' ? value : n + 1));
  const bits = bitsOf(request);
  const length = Math.ceil((frames.length * area * bits) / 8);
  const chunks = bits === 1 ? packedBits(frames, area, stored) : wholePixels(frames, area, bits, stored);
  const attributes = { ...kindAttributes(request), ...pixelAttributes(bits) };
  return { frames, stored, pixels: { length, chunks }, numbers, attributes };
}

function bitsOf({ kind, segments }: SegmentationRequest): 1 | 8 | 16 {
  if (kind === 'binary') return 1;
  return kind === 'labelmap' && segments.some(({ value }) => value > 255) ? 16 : 8;
}

function storedBy({ kind, volume, segments }: SegmentationRequest, area: number): Stored {
  const { data } = volume;
  const voxels = area * volume.grid.shape[2];
  const at = (channel: number, { slice }: OutputFrame, pixel: number) =>
    data[channel * voxels + slice * area + pixel] ?? 0;
  if (kind === 'labelmap') {
    const values = new Set(segments.map(({ value }) => value));
    return (frame, pixel) => {
      const value = at(0, frame, pixel);
      return values.has(value) ? value : 0;
    };
  }
  if (kind === 'fractional') {
    return (frame, pixel) => {
      const fraction = at(frame.segment ?? 0, frame, pixel);
      return Math.round(maximumFraction * Math.min(1, Math.max(0, fraction)));
    };
  }
  return (frame, pixel) => {
    const segment: Segment | undefined = segments[frame.segment ?? 0];
    return segment !== undefined && at(segment.layer, frame, pixel) === segment.value ? 1 : 0;
  };
}

function kindAttributes({ kind, volume }: SegmentationRequest): Attributes {
  if (kind === 'labelmap') return { SegmentationType: 'LABELMAP', SegmentsOverlap: 'NO', PixelPaddingValue: 0 };
  if (kind === 'binary') return { SegmentationType: 'BINARY', SegmentsOverlap: volume.channels > 1 ? 'YES' : 'NO' };
  return {
    SegmentationType: 'FRACTIONAL',
    SegmentationFractionalType: 'PROBABILITY',
    MaximumFractionalValue: maximumFraction,
    SegmentsOverlap: 'YES',
  };
}

const pixelAttributes = (bits: 1 | 8 | 16): Attributes => ({
  SamplesPerPixel: 1,
  PhotometricInterpretation: 'MONOCHROME2',
  PixelRepresentation: 0,
  BitsAllocated: bits,
  BitsStored: bits,
  HighBit: bits - 1,
});
