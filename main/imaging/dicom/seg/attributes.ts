import type { Grid, Vector3 } from '../../../../ml/volume/grid.ts';
import { indexPoint, indexToWorld } from '../../../../ml/volume/space.ts';
import { column } from '../../../../ml/volume/matrix.ts';
import type { Code, Segment } from '../../segments.ts';
import { tags } from '../tags.ts';
import type { Attributes } from '../write/attributes.ts';
import { codeItem } from '../write/code.ts';
import { shortText } from '../write/shortText.ts';
import { reference } from '../write/source.ts';
import { type SourcePlane } from '../write/sourcePlanes.ts';
import { newUid } from '../write/uid.ts';
import { cielabOf } from './colour.ts';
import type { Contents } from './contents.ts';
import type { OutputFrame } from './frames.ts';
import type { Drawing, SegmentationRequest } from './request.ts';
import { codesOf } from './structures.ts';

const dcm = (value: string, meaning: string): Code => ({ value, scheme: 'DCM', meaning });

/** Segment Sequence (PS3.3 table C.8.20-4). */
export function segmentItems(
  { segments, drawing, kind }: SegmentationRequest,
  numbers: readonly number[],
): Attributes[] {
  const items = segments.map((segment, n) => segmentItem(segment, numbers[n] ?? 0, drawing));
  if (kind !== 'labelmap') return items;
  const background = codeItem(dcm('125040', 'Background'));
  return [
    {
      SegmentNumber: 0,
      SegmentLabel: 'Background',
      SegmentedPropertyCategoryCodeSequence: [codeItem(codesOf('').category)],
      SegmentedPropertyTypeCodeSequence: [background],
      ...drawingAttributes(drawing),
    },
    ...items,
  ];
}

function segmentItem(
  { name, colour, category, type, modifier }: Segment,
  number: number,
  drawing: Drawing,
): Attributes {
  const label = shortText(name) || `segment ${number}`;
  const codes = codesOf(label);
  const [kind, what, side] =
    category === null || type === null ? [codes.category, codes.type, codes.side] : [category, type, modifier ?? null];
  return {
    SegmentNumber: number,
    SegmentLabel: label,
    SegmentedPropertyCategoryCodeSequence: [codeItem(kind)],
    SegmentedPropertyTypeCodeSequence: [
      { ...codeItem(what), ...(side === null ? {} : { SegmentedPropertyTypeModifierCodeSequence: [codeItem(side)] }) },
    ],
    ...drawingAttributes(drawing),
    ...(colour === null ? {} : { RecommendedDisplayCIELabValue: cielabOf(colour) }),
  };
}

const algorithmTypes = { model: 'AUTOMATIC', both: 'SEMIAUTOMATIC' } as const;

function drawingAttributes(drawing: Drawing): Attributes {
  if (drawing.by === 'person') return { SegmentAlgorithmType: 'MANUAL' };
  return {
    SegmentAlgorithmType: algorithmTypes[drawing.by],
    SegmentAlgorithmName: shortText(drawing.name),
    SegmentationAlgorithmIdentificationSequence: [
      {
        AlgorithmFamilyCodeSequence: [codeItem(dcm('123110', 'Artificial Intelligence'))],
        AlgorithmName: shortText(drawing.name),
        AlgorithmVersion: shortText(drawing.version),
      },
    ],
  };
}

/** Multi-frame Dimension module (PS3.3 C.7.6.17): segments, but in a label map, and in each of them positions. */
export function dimensions({ kind }: SegmentationRequest): Attributes {
  const organization = newUid();
  const dimension = (pointer: keyof typeof tags, group: keyof typeof tags, label: string): Attributes => ({
    DimensionOrganizationUID: organization,
    DimensionIndexPointer: tags[pointer],
    FunctionalGroupPointer: tags[group],
    DimensionDescriptionLabel: label,
  });
  return {
    DimensionOrganizationSequence: [{ DimensionOrganizationUID: organization }],
    DimensionIndexSequence: [
      ...(kind === 'labelmap'
        ? []
        : [dimension('ReferencedSegmentNumber', 'SegmentIdentificationSequence', 'Segment')]),
      dimension('ImagePositionPatient', 'PlanePositionSequence', 'Position'),
    ],
  };
}

/**
 * Functional groups of all frames (PS3.3 C.7.6.16): orientation, the distances of pixels and slices, and, where no slice lies on a source image,
 * all of them as what every frame was derived from.
 */
export function sharedGroups({ volume, sources }: SegmentationRequest, planes: SlicePlanes): Attributes {
  const { spacing, direction } = volume.grid;
  const measures: Attributes = {
    PixelSpacing: [spacing[1], spacing[0]],
    SliceThickness: spacing[2],
    SpacingBetweenSlices: spacing[2],
  };
  const all = () => sources.map((source) => ({ reference: reference(source), isSameGrid: false }));
  return {
    PlaneOrientationSequence: [{ ImageOrientationPatient: [...column(direction, 0), ...column(direction, 1)] }],
    PixelMeasuresSequence: [measures],
    ...(isMatched(planes) ? {} : { DerivationImageSequence: [derivation(all())] }),
  };
}

type SlicePlanes = readonly (readonly SourcePlane[])[];

const isMatched = (planes: SlicePlanes) => planes.some((slice) => slice.length > 0);

/** Functional groups of each frame: position, segment, and the source images it was derived from. */
export function frameGroups(grid: Grid, { frames, numbers }: Contents, planes: SlicePlanes): Attributes[] {
  const used = [...new Set(frames.map(({ slice }) => slice))].sort((a, b) => a - b);
  const rank = new Map(used.map((slice, n) => [slice, n + 1]));
  return frames.map((frame) => {
    const place = rank.get(frame.slice) ?? 0;
    const sources = planes[frame.slice] ?? [];
    return {
      FrameContentSequence: [
        { DimensionIndexValues: frame.segment === undefined ? [place] : [frame.segment + 1, place] },
      ],
      PlanePositionSequence: [{ ImagePositionPatient: positionOf(grid, frame) }],
      ...(frame.segment === undefined
        ? {}
        : { SegmentIdentificationSequence: [{ ReferencedSegmentNumber: numbers[frame.segment] ?? 0 }] }),
      ...(isMatched(planes) ? { DerivationImageSequence: sources.length === 0 ? [] : [derivation(sources)] } : {}),
    };
  });
}

/** LPS mm of the first pixel of a frame. */
export const positionOf = (grid: Grid, { slice }: OutputFrame): Vector3 => indexToWorld(grid, indexPoint(0, 0, slice));

function derivation(sources: readonly Pick<SourcePlane, 'reference' | 'isSameGrid'>[]): Attributes {
  return {
    DerivationCodeSequence: [codeItem(dcm('113076', 'Segmentation'))],
    SourceImageSequence: sources.map(({ reference: image, isSameGrid }) => ({
      ...image,
      PurposeOfReferenceCodeSequence: [codeItem(dcm('121322', 'Source image for image processing operation'))],
      SpatialLocationsPreserved: isSameGrid ? 'YES' : 'NO',
    })),
  };
}
