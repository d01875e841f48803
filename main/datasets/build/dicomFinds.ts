import { dirname } from 'node:path';
import { Problem } from '../../../ml/check/problem.ts';
import type { Dataset as Attributes } from '../../imaging/dicom/dataset.ts';
import { type DicomObject, readDicomObject } from '../../imaging/dicom/object.ts';
import { stackSource } from '../../imaging/dicom/reader.ts';
import { readStructureSet, structureSetClass } from '../../imaging/dicom/rtstruct/readStructureSet.ts';
import { structuresAsImage } from '../../imaging/dicom/rtstruct/structuresAsImage.ts';
import type { Entry } from '../../imaging/dicom/scan/entry.ts';
import { readHeader, segmentationClasses } from '../../imaging/dicom/seg/header.ts';
import { readSegmentation } from '../../imaging/dicom/seg/readSegmentation.ts';
import type { Frame } from '../../imaging/dicom/series/frame.ts';
import { groupFrames } from '../../imaging/dicom/series/groupFrames.ts';
import { type Stack, stackFrames } from '../../imaging/dicom/series/stack.ts';
import { tags } from '../../imaging/dicom/tags.ts';
import type { Image } from '../../imaging/reader.ts';
import type { Drawn, DrawnStructure, FoundImage, FoundLabel, Patient } from './found.ts';
import { seriesPlaces } from './places.ts';

/** Of an object's header what says whose it is and what it belongs to. */
export interface Origin {
  readonly patient: Patient;
  readonly study: string;
  readonly series: string | undefined;
  readonly frame: string | undefined;
}

/** @param fallback The person of a file whose header names none. */
export function originOf({ dataset, path }: DicomObject, fallback: (path: string) => Patient): Origin {
  const id = dataset.text(tags.PatientID);
  const issuer = dataset.text(tags.IssuerOfPatientID) ?? '';
  const name = dataset.text(tags.PatientName);
  const identifiers = [id, name].filter((one) => one !== undefined);
  return {
    patient: id === undefined ? fallback(path) : { key: JSON.stringify([issuer, id]), identifiers },
    study: dataset.text(tags.StudyInstanceUID) ?? dirname(path),
    series: dataset.text(tags.SeriesInstanceUID),
    frame: dataset.text(tags.FrameOfReferenceUID),
  };
}

/**
 * The volumes that frames make.
 *
 * @param origins By the path of the object.
 */
export function seriesFinds(
  frames: readonly Frame<Entry>[],
  origins: ReadonlyMap<string, Origin>,
): readonly FoundImage[] {
  return groupFrames(frames)
    .map(stackFrames)
    .map((stack) => imageOf(stack, origins));
}

function imageOf(stack: Stack<Entry>, origins: ReadonlyMap<string, Origin>): FoundImage {
  const paths = [...new Set(stack.frames.flat().map(({ instance }) => instance.path))];
  const path = paths.toSorted()[0]!;
  const { patient, study, series } = origins.get(path)!;
  const source = stackSource(path, stack, []);
  const { description, modality } = source.description;
  return {
    path,
    patient,
    exam: JSON.stringify([patient.key, study]),
    series,
    frames: [...new Set(paths.flatMap((one) => origins.get(one)?.frame ?? []))],
    places: seriesPlaces(dirname(path)),
    words: `${modality ?? ''} ${description}`,
    modality: modality ?? undefined,
    number: 0,
    read: (options) => {
      if (stack.isPlaced) return source.read(options);
      throw new Problem('data', 'its files do not say where the image lies', path, 'Export the original series.');
    },
  };
}

/** Whether structures are drawn in an object. */
export const isDrawing = ({ dataset }: DicomObject): boolean =>
  [structureSetClass, ...segmentationClasses].includes(dataset.text(tags.SOPClassUID) ?? '');

/** @throws Problem 'data' where the header is damaged. */
export function drawingFind(header: DicomObject, { patient, study, frame }: Origin, entry: Entry): FoundLabel {
  const isSet = header.dataset.text(tags.SOPClassUID) === structureSetClass;
  const shared = {
    path: header.path,
    exam: JSON.stringify([patient.key, study]),
    isDicom: true,
    places: seriesPlaces(dirname(header.path)),
  };
  return { ...shared, ...(isSet ? structureSet(header, entry) : segmentation(header, frame, entry)) };
}

type Contents = Pick<FoundLabel, 'series' | 'frame' | 'structures' | 'read'>;

function segmentation(header: DicomObject, frame: string | undefined, entry: Entry): Contents {
  const structures = readHeader(header).definitions.map(({ name, type, number }) => ({
    name,
    code: type,
    value: number,
  }));
  return {
    series: referencedSeries(header.dataset),
    frame,
    structures: () => Promise.resolve(structures),
    read: async (_grid, signal) => {
      const image = await readSegmentation(await readDicomObject(await entry.open(), { pixels: true, signal }), signal);
      if (image.unit === null) return drawnOf(image);
      const what = `it holds fractions (${image.unit}) and no masks`;
      throw new Problem('data', what, header.path, 'Export it as a binary segmentation, with the threshold you mean.');
    },
  };
}

function structureSet(header: DicomObject, entry: Entry): Contents {
  const { structures, series, frameOfReference } = readStructureSet(header);
  const named = structures.map(({ name, type }, n): DrawnStructure => ({ name, code: type, value: n + 1 }));
  return {
    series,
    frame: frameOfReference,
    structures: () => Promise.resolve(named),
    read: async (grid, signal) => {
      const object = await readDicomObject(await entry.open(), { pixels: false, signal });
      return drawnOf(structuresAsImage(readStructureSet(object), grid));
    },
  };
}

const drawnOf = ({ volume, segments = [], warnings }: Image): Drawn => ({
  volume,
  structures: segments.map(({ name, type, value, layer }) => ({ name, code: type, value, layer })),
  warnings,
});

const referencedSeries = (dataset: Attributes): readonly string[] =>
  dataset.items(tags.ReferencedSeriesSequence).flatMap((item) => item.text(tags.SeriesInstanceUID) ?? []);
