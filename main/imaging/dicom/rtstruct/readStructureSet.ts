import { Problem } from '../../../../ml/check/problem.ts';
import type { Dataset } from '../dataset.ts';
import type { DicomObject } from '../object.ts';
import { readCode } from '../seg/codes.ts';
import { hexColour } from '../seg/colour.ts';
import { tags } from '../tags.ts';
import type { Contour, Structure, StructureSet } from './structureSet.ts';

/** RT Structure Set Storage (PS3.4 B.5). */
export const structureSetClass = '1.2.840.10008.5.1.4.1.1.481.3';

/**
 * The structures of an RTSTRUCT object with their contours as they are.
 *
 * @throws Problem `data` where there is no structure, or a contour's points are not triples of numbers.
 */
export function readStructureSet({ path, dataset, warnings }: DicomObject): StructureSet {
  const drawn = new Map(
    dataset.items(tags.ROIContourSequence).map((item) => [item.number(tags.ReferencedROINumber), item]),
  );
  const observed = new Map(
    dataset.items(tags.RTROIObservationsSequence).map((item) => [item.number(tags.ReferencedROINumber), item]),
  );
  const structures = dataset.items(tags.StructureSetROISequence).map((item) => {
    const number = item.number(tags.ROINumber);
    if (number === undefined) throw damaged('a structure has no number (3006,0022)', path);
    return readStructure(number, item, drawn.get(number), observed.get(number), path);
  });
  if (structures.length === 0) throw damaged('the structure set describes no structure (3006,0020)', path);
  if (new Set(structures.map(({ number }) => number)).size < structures.length) {
    throw damaged('two structures have one number (3006,0022)', path);
  }
  return {
    path,
    description: dataset.text(tags.StructureSetLabel) ?? dataset.text(tags.SeriesDescription) ?? '',
    structures,
    series: referencedSeries(dataset),
    frameOfReference:
      dataset.items(tags.ReferencedFrameOfReferenceSequence)[0]?.text(tags.FrameOfReferenceUID) ??
      dataset.items(tags.StructureSetROISequence)[0]?.text(tags.ReferencedFrameOfReferenceUID),
    warnings,
  };
}

function readStructure(
  number: number,
  item: Dataset,
  drawn: Dataset | undefined,
  observed: Dataset | undefined,
  path: string,
): Structure {
  const name = item.text(tags.ROIName) ?? `structure ${number}`;
  const [red, green, blue] = drawn?.numbers(tags.ROIDisplayColor) ?? [];
  return {
    number,
    name,
    colour: red === undefined || green === undefined || blue === undefined ? null : hexColour(red, green, blue),
    type: observed === undefined ? null : readCode(observed, tags.RTROIIdentificationCodeSequence),
    contours: (drawn?.items(tags.ContourSequence) ?? []).map((contour) => readContour(contour, name, path)),
  };
}

function readContour(item: Dataset, name: string, path: string): Contour {
  const points = Float64Array.from(item.numbers(tags.ContourData));
  if (points.length === 0 || points.length % 3 !== 0 || !points.every(Number.isFinite)) {
    throw damaged(`a contour of "${name}" does not consist of points with three coordinates (3006,0050)`, path);
  }
  const kind = item.text(tags.ContourGeometricType) ?? '';
  return { kind: ['CLOSED_PLANAR', 'CLOSEDPLANAR_XOR'].includes(kind) ? 'closed' : 'other', points };
}

function referencedSeries(dataset: Dataset): readonly string[] {
  return dataset
    .items(tags.ReferencedFrameOfReferenceSequence)
    .flatMap((frame) => frame.items(tags.RTReferencedStudySequence))
    .flatMap((study) => study.items(tags.RTReferencedSeriesSequence))
    .flatMap((series) => series.text(tags.SeriesInstanceUID) ?? []);
}

const damaged = (what: string, path: string) =>
  new Problem('data', what, path, 'Export the structure set again from where it came from.');
