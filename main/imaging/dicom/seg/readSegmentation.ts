import { Problem } from '../../../../ml/check/problem.ts';
import { orientationCode } from '../../../../ml/volume/orientation.ts';
import type { Volume } from '../../../../ml/volume/volume.ts';
import { voxelCount } from '../../../../ml/volume/grid.ts';
import type { Image, ImageDescription } from '../../reader.ts';
import type { Segment } from '../../segments.ts';
import type { DicomObject } from '../object.ts';
import { tags } from '../tags.ts';
import { damaged } from './definitions.ts';
import { readHeader, type SegmentationHeader } from './header.ts';
import { LabelLayers, mostVoxels } from './labelLayers.ts';
import { type StoredFrame, storedFrame, withoutPalette } from './storedFrame.ts';

interface Labelled {
  readonly volume: Volume;
  readonly segments: readonly Segment[];
}

/**
 * A segmentation as an image. Labels: the value of a segment is its number, and segments that overlap are in different channels. Fractions
 * (probability, or occupancy): float32 from 0 to 1, one channel a segment, and `unit` says which. The grid is what the frames span: slices without
 * a frame are empty, and those beyond the first and the last frame are not there. Slices lie along the normal of the image.
 *
 * @param object Read with its pixels.
 * @throws Problem `data` where the file is damaged or on no regular grid, `memory` where it claims too much.
 */
export async function readSegmentation(object: DicomObject, signal?: AbortSignal): Promise<Image> {
  const header = readHeader(object);
  const { volume, segments } = await readVolume(withoutPalette(object), header, signal);
  return {
    ...origin(object),
    volume,
    segments,
    unit: unitOf(object, header),
    components: 1,
    files: [object.path],
    geometry: undefined,
    lossy: object.dataset.text(tags.LossyImageCompression) === '01',
    warnings: object.warnings,
  };
}

/** What `info` says of a segmentation, from its header; overlapping segments, which only its pixels show, are counted as one layer. */
export function describeSegmentation(object: DicomObject): ImageDescription {
  const header = readHeader(object);
  const { grid, definitions, kind } = header;
  const { spacing, origin: first, direction } = grid;
  const bits = kind === 'fractional' ? 32 : Math.max(...definitions.map(({ number }) => number), 0) < 2 ** 8 ? 8 : 16;
  return {
    ...origin(object),
    modality: 'SEG',
    kind: 'segmentation',
    shape: kind === 'fractional' && definitions.length > 1 ? [...grid.shape, definitions.length] : grid.shape,
    components: 1,
    dataType: kind === 'fractional' ? 'float32' : `uint${bits}`,
    spacing,
    origin: first,
    direction,
    orientation: orientationCode(grid),
    transferSyntax: object.transferSyntax.name,
    rescale: null,
    unit: unitOf(object, header),
    frames: header.frames,
    files: 1,
    warnings: object.warnings,
  };
}

const origin = ({ path, dataset }: DicomObject) => ({
  path,
  format: 'dicom' as const,
  description: dataset.text(tags.SeriesDescription) ?? dataset.text(tags.ContentDescription) ?? '',
  modality: 'SEG',
});

function unitOf({ dataset }: DicomObject, { kind }: SegmentationHeader): string | null {
  if (kind !== 'fractional') return null;
  return dataset.text(tags.SegmentationFractionalType) === 'OCCUPANCY' ? 'occupancy' : 'probability';
}

function readVolume(object: DicomObject, header: SegmentationHeader, signal?: AbortSignal): Promise<Labelled> {
  const read = async (frame: number): Promise<StoredFrame> => {
    signal?.throwIfAborted();
    return storedFrame(object, frame, header.grid.shape[0] * header.grid.shape[1]);
  };
  if (header.kind === 'labelmap') return readLabelMap(object, header, read);
  return header.kind === 'binary' ? readBinary(object, header, read) : readFractional(object, header, read);
}

type ReadFrame = (frame: number) => Promise<StoredFrame>;
type Separate = Extract<SegmentationHeader, { segmentOf: unknown }>;

async function readBinary({ path }: DicomObject, header: Separate, read: ReadFrame): Promise<Labelled> {
  const { grid, definitions, segmentOf, slices } = header;
  const layers = new LabelLayers(grid, Math.max(...definitions.map(({ number }) => number)), path);
  const segments: Segment[] = [];
  for (const { number, ...definition } of definitions) {
    const masks = new Map<number, Uint8Array>();
    for (const [frame, slice] of framesOf(number, segmentOf, slices))
      masks.set(slice, Uint8Array.from(await read(frame)));
    segments.push({ ...definition, value: number, layer: layers.add(number, masks) });
  }
  return { volume: layers.volume(), segments };
}

async function readFractional({ path, dataset }: DicomObject, header: Separate, read: ReadFrame): Promise<Labelled> {
  const { grid, definitions, segmentOf, slices } = header;
  const largest = dataset.number(tags.MaximumFractionalValue);
  if (largest === undefined || !(largest >= 1)) throw damaged('the largest fraction is not given (0062,000E)', path);
  const voxels = voxelCount(grid);
  if (definitions.length * voxels > mostVoxels) {
    const what = `the segmentation claims ${definitions.length} segments of ${grid.shape.join(' x ')} fractions`;
    throw new Problem('memory', what, path, 'Export fewer segments.');
  }
  const data = new Float32Array(definitions.length * voxels);
  const segments: Segment[] = [];
  for (const [channel, { number, ...definition }] of definitions.entries()) {
    segments.push({ ...definition, value: 1, layer: channel });
    for (const [frame, slice] of framesOf(number, segmentOf, slices)) {
      const stored = await read(frame);
      const start = channel * voxels + slice * stored.length;
      for (let n = 0; n < stored.length; n++) data[start + n] = Math.min(1, stored[n]! / largest);
    }
  }
  return { volume: { grid, channels: definitions.length, data }, segments };
}

function* framesOf(
  number: number,
  segmentOf: readonly number[],
  slices: readonly number[],
): Generator<[number, number]> {
  for (const [frame, segment] of segmentOf.entries()) if (segment === number) yield [frame, slices[frame]!];
}

async function readLabelMap(
  { path, dataset }: DicomObject,
  header: SegmentationHeader,
  read: ReadFrame,
): Promise<Labelled> {
  const { grid, definitions, slices } = header;
  const largest = Math.max(0, ...definitions.map(({ number }) => number));
  const data = largest < 2 ** 8 ? new Uint8Array(voxelCount(grid)) : new Uint16Array(voxelCount(grid));
  if (new Set(slices).size < slices.length) throw damaged('two frames of the label map lie at one place', path);
  // Background has no segment, or the one with the number 0, or any other value that the file calls padding (PS3.3 C.8.20.2.3).
  const background = dataset.number(tags.PixelPaddingValue);
  const known = new Set([0, ...definitions.map(({ number }) => number)]);
  for (const [frame, slice] of slices.entries()) {
    const stored = await read(frame);
    const start = slice * stored.length;
    for (let n = 0; n < stored.length; n++) {
      const value = stored[n]!;
      if (value === 0 || value === background) continue;
      if (!known.has(value)) throw damaged(`the label map holds ${value}, which is no segment of it`, path);
      data[start + n] = value;
    }
  }
  const kept = definitions.filter(({ number }) => number !== background);
  const segments = kept.map(({ number, ...rest }) => ({ ...rest, value: number, layer: 0 }));
  return { volume: { grid, channels: 1, data }, segments };
}
