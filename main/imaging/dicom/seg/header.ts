import { Problem } from '../../../../ml/check/problem.ts';
import type { Dataset } from '../dataset.ts';
import type { DicomObject } from '../object.ts';
import { type Palette, readPalette } from '../pixels/palette.ts';
import { tags } from '../tags.ts';
import { hexColour } from './colour.ts';
import { damaged, readDefinitions, type SegmentDefinition } from './definitions.ts';
import { type PlaneStack, stackPlanes } from './planes.ts';

const segmentationStorage = '1.2.840.10008.5.1.4.1.1.66.4';
const labelMapStorage = '1.2.840.10008.5.1.4.1.1.66.7';

/** Segmentation Storage and Label Map Segmentation Storage (PS3.4 B.5). */
export const segmentationClasses: readonly string[] = [segmentationStorage, labelMapStorage];

/** What a segmentation is, from its header (PS3.3 C.8.20, C.8.23). */
export type SegmentationHeader = PlaneStack & {
  /** In the order of the file, without the background of a label map. */
  readonly definitions: readonly SegmentDefinition[];
  readonly frames: number;
} & (
    | { readonly kind: 'labelmap' }
    | {
        readonly kind: 'binary' | 'fractional';
        /** For each frame, its segment's number. */
        readonly segmentOf: readonly number[];
      }
  );

/** @throws Problem `data` where the object is no segmentation, or lacks what places its frames in the patient. */
export function readHeader({ dataset, path }: DicomObject): SegmentationHeader {
  const kind = readKind(dataset, path);
  const definitions = readDefinitions(dataset, path);
  const frames = dataset.number(tags.NumberOfFrames) ?? 1;
  const perFrame = dataset.items(tags.PerFrameFunctionalGroupsSequence);
  if (frames < 1 || perFrame.length !== frames) {
    throw damaged(`the segmentation claims ${frames} frames and describes ${perFrame.length} (5200,9230)`, path);
  }
  const stack = { ...stackPlanes(dataset, frames, path), frames };
  if (kind === 'labelmap') return { ...stack, kind, definitions: labelMapDefinitions(dataset, definitions, path) };
  if (definitions.some(({ number }) => number === 0)) throw damaged('a segment has the number 0 (0062,0004)', path);
  const segmentOf = readSegmentOf(dataset, perFrame, definitions, path);
  refuseDoubled(segmentOf, stack.slices, path);
  return { ...stack, kind, definitions, segmentOf };
}

/** Without the background, and in the colours of the palette where there is one. */
function labelMapDefinitions(dataset: Dataset, definitions: readonly SegmentDefinition[], path: string) {
  const foreground = definitions.filter(({ number }) => number !== 0);
  if (dataset.text(tags.PhotometricInterpretation) !== 'PALETTE COLOR') return foreground;
  const palette = readPalette(dataset, path);
  return foreground.map((segment) => ({ ...segment, colour: segment.colour ?? colourIn(palette, segment.number) }));
}

function colourIn({ first, bits, red, green, blue }: Palette, number: number): string {
  const entry = Math.min(red.length - 1, Math.max(0, number - first));
  const part = (channel: Uint16Array) => (channel[entry] ?? 0) / (bits === 16 ? 257 : 1);
  return hexColour(part(red), part(green), part(blue));
}

function readKind(dataset: Dataset, path: string): SegmentationHeader['kind'] {
  const kind = dataset.text(tags.SegmentationType);
  if (kind === 'BINARY') return 'binary';
  if (kind === 'FRACTIONAL') return 'fractional';
  if (kind === 'LABELMAP') return 'labelmap';
  const remedy = 'Readable are the types BINARY, FRACTIONAL and LABELMAP.';
  throw new Problem('data', `the segmentation has the type ${kind ?? 'none'} (0062,0001)`, path, remedy);
}

function readSegmentOf(
  dataset: Dataset,
  perFrame: readonly Dataset[],
  definitions: readonly SegmentDefinition[],
  path: string,
): readonly number[] {
  const shared = dataset.items(tags.SharedFunctionalGroupsSequence)[0];
  const known = new Set(definitions.map(({ number }) => number));
  return perFrame.map((frame) => {
    const group = [frame, shared].flatMap((groups) => groups?.items(tags.SegmentIdentificationSequence) ?? [])[0];
    const number = group?.number(tags.ReferencedSegmentNumber);
    if (number !== undefined && known.has(number)) return number;
    throw damaged(`a frame belongs to segment ${number ?? 'none'}, which is not described (0062,000B)`, path);
  });
}

function refuseDoubled(segmentOf: readonly number[], slices: readonly number[], path: string): void {
  const seen = new Set<string>();
  for (const [frame, segment] of segmentOf.entries()) {
    const place = `${segment} ${slices[frame] ?? ''}`;
    if (seen.has(place)) throw damaged(`segment ${segment} has two frames at one place`, path);
    seen.add(place);
  }
}
