import { indexPoint, indexToWorld } from '../../../../ml/volume/space.ts';
import type { Segment } from '../../segments.ts';
import { codesOf } from '../seg/structures.ts';
import type { Drawing } from '../seg/request.ts';
import type { Attributes } from '../write/attributes.ts';
import { codeItem } from '../write/code.ts';
import { shortText } from '../write/shortText.ts';
import { dateAndTime, equipment, inherited, referencedSeries, seriesNumber } from '../write/source.ts';
import { type SourcePlane, sourcePlanes } from '../write/sourcePlanes.ts';
import { newUid } from '../write/uid.ts';
import { joinHoles } from './keyhole.ts';
import { maskOf } from './maskOf.ts';
import { structureSetClass } from './readStructureSet.ts';
import { traceContours } from './traceContours.ts';
import type { StructureSetRequest } from './writeStructureSet.ts';

/** Detached Study Management, retired; RTSTRUCT still refers to the study by it (PS3.3 C.8.8.5). */
const studyClass = '1.2.840.10008.3.1.2.3.1';

/** Everything of an RTSTRUCT object (PS3.3 A.19.3). */
export function structureSetAttributes(request: StructureSetRequest): Attributes {
  const { sources, segments, drawing, description, now = new Date(), volume } = request;
  const common = sources[0] === undefined ? {} : inherited(sources[0]);
  const { date, time } = dateAndTime(now);
  const planes = sourcePlanes(sources, volume.grid);
  const frame = common.FrameOfReferenceUID ?? '';
  return {
    ...common,
    ...equipment,
    SOPClassUID: structureSetClass,
    SOPInstanceUID: newUid(),
    InstanceCreationDate: date,
    InstanceCreationTime: time,
    Modality: 'RTSTRUCT',
    SeriesInstanceUID: newUid(),
    SeriesNumber: seriesNumber(sources, 2),
    SeriesDescription: shortText(description),
    SeriesDate: date,
    SeriesTime: time,
    OperatorsName: '',
    InstanceNumber: 1,
    StructureSetLabel: shortText(description).slice(0, 16).trim() || 'SEGMENTATION',
    StructureSetDate: date,
    StructureSetTime: time,
    ReferencedFrameOfReferenceSequence: [referencedFrame(request, common, frame)],
    StructureSetROISequence: segments.map(({ name }, n) => ({
      ROINumber: n + 1,
      ReferencedFrameOfReferenceUID: frame,
      ROIName: shortText(name),
      ...generation(drawing),
    })),
    ROIContourSequence: segments.map((segment, n) => regionItem(request, segment, n + 1, planes)),
    RTROIObservationsSequence: segments.map((segment, n) => observation(segment, n + 1)),
    ApprovalStatus: 'UNAPPROVED',
  };
}

function referencedFrame(
  { sources }: StructureSetRequest,
  common: Attributes,
  frame: string | readonly string[],
): Attributes {
  return {
    FrameOfReferenceUID: frame,
    RTReferencedStudySequence: [
      {
        ReferencedSOPClassUID: studyClass,
        ReferencedSOPInstanceUID: common.StudyInstanceUID ?? '',
        RTReferencedSeriesSequence: referencedSeries(sources).map(
          ({ SeriesInstanceUID = '', ReferencedInstanceSequence = [] }) => ({
            SeriesInstanceUID,
            ContourImageSequence: ReferencedInstanceSequence,
          }),
        ),
      },
    ],
  };
}

function generation(drawing: Drawing): Attributes {
  if (drawing.by === 'person') return { ROIGenerationAlgorithm: 'MANUAL' };
  return {
    ROIGenerationAlgorithm: drawing.by === 'model' ? 'AUTOMATIC' : 'SEMIAUTOMATIC',
    ROIGenerationDescription: shortText(`${drawing.name} ${drawing.version}`),
  };
}

function regionItem(
  { volume }: StructureSetRequest,
  segment: Segment,
  number: number,
  planes: readonly (readonly SourcePlane[])[],
): Attributes {
  const [columns, rows, slices] = volume.grid.shape;
  const contours: Attributes[] = [];
  for (let slice = 0; slice < slices; slice++) {
    const images = (planes[slice] ?? []).map(({ reference }) => reference);
    for (const loop of joinHoles(traceContours(maskOf(volume, segment, slice), columns, rows))) {
      contours.push({
        ContourNumber: contours.length + 1,
        ContourGeometricType: 'CLOSED_PLANAR',
        ...(images.length === 0 ? {} : { ContourImageSequence: images }),
        NumberOfContourPoints: loop.length,
        ContourData: loop.flatMap(([x, y]) => indexToWorld(volume.grid, indexPoint(x, y, slice))),
      });
    }
  }
  return {
    ReferencedROINumber: number,
    ...(segment.colour === null ? {} : { ROIDisplayColor: components(segment.colour) }),
    ...(contours.length === 0 ? {} : { ContourSequence: contours }),
  };
}

const components = (colour: string) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));

function observation({ name, type }: Segment, number: number): Attributes {
  return {
    ObservationNumber: number,
    ReferencedROINumber: number,
    RTROIIdentificationCodeSequence: [codeItem(type ?? codesOf(shortText(name) || `structure ${number}`).type)],
    RTROIInterpretedType: '',
    ROIInterpreter: '',
  };
}
