import { distance } from '../../../../ml/volume/matrix.ts';
import { indexPoint, indexToWorld } from '../../../../ml/volume/space.ts';
import { type AtomicOptions, damaged, writeFileAtomically } from '../../../files/atomic.ts';
import { explicitLittleEndian } from '../elements.ts';
import { readDicomObject } from '../object.ts';
import type { Attributes } from '../write/attributes.ts';
import { fileBytes } from '../write/file.ts';
import { shortText } from '../write/shortText.ts';
import { dateAndTime, equipment, inherited, referencedSeries, seriesNumber } from '../write/source.ts';
import { sourcePlanes } from '../write/sourcePlanes.ts';
import { newUid } from '../write/uid.ts';
import { dimensions, frameGroups, positionOf, segmentItems, sharedGroups } from './attributes.ts';
import { type Contents, contentsOf } from './contents.ts';
import { readHeader, segmentationClasses } from './header.ts';
import { refuseImpossible, refuseTooLong, type SegmentationRequest } from './request.ts';
import { privateScheme } from './structures.ts';
import { storedFrame } from './storedFrame.ts';

export type WriteOptions = Pick<AtomicOptions, 'existing'>;

/**
 * Writes labels or probabilities as a DICOM SEG object (PS3.3 A.51, A.91) of the study of its sources, in a new series. Frames without a voxel
 * are left out; the file is read back, every pixel and position compared, before it gets its name.
 *
 * @throws Problem `data` where the kind cannot hold the volume, a source names no study, the file exists, ...
 */
export async function writeSegmentation(
  path: string,
  request: SegmentationRequest,
  options: WriteOptions = {},
): Promise<void> {
  refuseImpossible(request, path);
  const contents = contentsOf(request);
  refuseTooLong(contents.pixels.length, path);
  await writeFileAtomically(
    path,
    fileBytes(segmentationAttributes(request, contents), explicitLittleEndian, contents.pixels),
    {
      ...options,
      verify: (temporary) => compare(temporary, request, contents, path),
    },
  );
}

function segmentationAttributes(request: SegmentationRequest, contents: Contents): Attributes {
  const { sources, volume, description, kind, now = new Date() } = request;
  const [first] = sources;
  const { date, time } = dateAndTime(now);
  const planes = sourcePlanes(sources, volume.grid);
  const segments = segmentItems(request, contents.numbers);
  return {
    ...(first === undefined ? {} : inherited(first)),
    ...equipment,
    SOPClassUID: segmentationClasses[kind === 'labelmap' ? 1 : 0] ?? '',
    SOPInstanceUID: newUid(),
    ...{ InstanceCreationDate: date, ContentDate: date, SeriesDate: date },
    ...{ InstanceCreationTime: time, ContentTime: time, SeriesTime: time },
    Modality: 'SEG',
    SeriesInstanceUID: newUid(),
    SeriesNumber: seriesNumber(sources, 1),
    SeriesDescription: shortText(description),
    InstanceNumber: 1,
    ImageType: ['DERIVED', 'PRIMARY'],
    LossyImageCompression: '00',
    ContentLabel: 'SEGMENTATION',
    ContentDescription: shortText(description),
    ContentCreatorName: '',
    Columns: volume.grid.shape[0],
    Rows: volume.grid.shape[1],
    NumberOfFrames: contents.frames.length,
    ...contents.attributes,
    SegmentSequence: segments,
    ...codingSchemes(segments),
    ...dimensions(request),
    SharedFunctionalGroupsSequence: [sharedGroups(request, planes)],
    PerFrameFunctionalGroupsSequence: frameGroups(volume.grid, contents, planes),
    ReferencedSeriesSequence: referencedSeries(sources),
  };
}

/** Who is responsible for codes that are ours (PS3.3 C.12.1, SOP Common). */
function codingSchemes(segments: readonly Attributes[]): Attributes {
  const isOurs = segments.some(({ SegmentedPropertyTypeCodeSequence: codes }) =>
    codes?.some(({ CodingSchemeDesignator }) => CodingSchemeDesignator === privateScheme),
  );
  if (!isOurs) return {};
  return {
    CodingSchemeIdentificationSequence: [
      {
        CodingSchemeDesignator: privateScheme,
        CodingSchemeName: 'Structure names of Sfumato, without a standard code',
      },
    ],
  };
}

async function compare(
  temporary: string,
  { volume }: SegmentationRequest,
  contents: Contents,
  path: string,
): Promise<void> {
  const object = await readDicomObject(temporary, { pixels: true });
  const header = readHeader(object);
  if (header.frames !== contents.frames.length) throw damaged(path);
  const area = volume.grid.shape[0] * volume.grid.shape[1];
  for (const [n, frame] of contents.frames.entries()) {
    const found = indexToWorld(header.grid, indexPoint(0, 0, header.slices[n] ?? NaN));
    if (!(distance(found, positionOf(volume.grid, frame)) < 1e-3)) throw damaged(path);
    const pixels = await storedFrame(object, n, area);
    for (let pixel = 0; pixel < area; pixel++) if (pixels[pixel] !== contents.stored(frame, pixel)) throw damaged(path);
  }
}
