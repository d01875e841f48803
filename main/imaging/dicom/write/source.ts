import { Problem } from '../../../../ml/check/problem.ts';
import { product } from '../../../product/product.ts';
import type { Dataset } from '../dataset.ts';
import { tags } from '../tags.ts';
import type { Attributes } from './attributes.ts';
import { newUid } from './uid.ts';

/** An object of the series that a result was made from. */
export interface SourceObject {
  readonly path: string;
  readonly dataset: Dataset;
}

const text = ['IssuerOfPatientID', 'PatientAge', 'PatientIdentityRemoved', 'DeidentificationMethod'] as const;
const study = ['StudyDescription'] as const;
/** Attributes that must be there, if only without a value (type 2). */
const required = [
  'PatientName',
  'PatientID',
  'PatientBirthDate',
  'PatientSex',
  'StudyDate',
  'StudyTime',
  'ReferringPhysicianName',
  'StudyID',
  'AccessionNumber',
] as const;
const measures = ['PatientSize', 'PatientWeight'] as const;

/**
 * Patient, study and frame of reference (PS3.3 C.7.1.1, C.7.2, C.7.4.1) of a new object of the same study, as the source has them and nothing
 * more. A source without a frame of reference gets a new one of its own.
 *
 * @throws Problem `data` where the source names no study.
 */
export function inherited({ path, dataset }: SourceObject): Attributes {
  const studyUid = dataset.text(tags.StudyInstanceUID);
  if (studyUid === undefined) {
    const remedy = 'Export the series again from where it came from.';
    throw new Problem('data', 'the source names no study (0020,000D), so nothing can refer to it', path, remedy);
  }
  const entries = [
    ...required.map((word) => [word, dataset.texts(tags[word])] as const),
    ...[...text, ...study].map((word) => [word, dataset.texts(tags[word])] as const).filter(hasValues),
    ...measures.map((word) => [word, dataset.numbers(tags[word])] as const).filter(hasValues),
  ];
  return {
    ...(Object.fromEntries(entries) as Attributes),
    StudyInstanceUID: studyUid,
    FrameOfReferenceUID: dataset.text(tags.FrameOfReferenceUID) ?? newUid(),
    PositionReferenceIndicator: dataset.text(tags.PositionReferenceIndicator) ?? '',
  };
}

const hasValues = ([, values]: readonly [string, readonly unknown[]]) => values.length > 0;

/** The equipment that made the object (PS3.3 C.7.5.1): this program. A program has no serial number; its version stands for it. */
export const equipment: Attributes = {
  Manufacturer: 'Sfumato',
  ManufacturerModelName: 'Sfumato',
  DeviceSerialNumber: product.version,
  SoftwareVersions: product.version,
};

/** Referenced SOP Sequence item (PS3.3 table 10-11). */
export function reference({ path, dataset }: SourceObject): Attributes {
  const [sopClass, instance] = [dataset.text(tags.SOPClassUID), dataset.text(tags.SOPInstanceUID)];
  if (sopClass !== undefined && instance !== undefined) {
    return { ReferencedSOPClassUID: sopClass, ReferencedSOPInstanceUID: instance };
  }
  const remedy = 'Export the series again from where it came from.';
  throw new Problem('data', 'the source has no SOP class or instance UID, so nothing can refer to it', path, remedy);
}

/** Local date (DA) and time (TM) of an instant. */
export function dateAndTime(now: Date): { readonly date: string; readonly time: string } {
  const two = (value: number) => String(value).padStart(2, '0');
  return {
    date: `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`,
    time: `${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`,
  };
}

/** Referenced Series Sequence (PS3.3 C.12.4): every instance of the sources, series by series. */
export function referencedSeries(sources: readonly SourceObject[]): Attributes[] {
  const series = new Map<string, Attributes[]>();
  for (const source of sources) {
    const uid = source.dataset.text(tags.SeriesInstanceUID);
    if (uid === undefined) {
      const remedy = 'Export the series again from where it came from.';
      throw new Problem(
        'data',
        'the source names no series (0020,000E), so nothing can refer to it',
        source.path,
        remedy,
      );
    }
    series.set(uid, [...(series.get(uid) ?? []), reference(source)]);
  }
  return [...series].map(([uid, instances]) => ({ SeriesInstanceUID: uid, ReferencedInstanceSequence: instances }));
}

/** A number for a series of results, near the source's so that lists show them together; it need not be unique. */
export function seriesNumber(sources: readonly SourceObject[], kind: number): number {
  const source = sources[0]?.dataset.number(tags.SeriesNumber) ?? 0;
  return Number.isInteger(source) && source >= 0 && source < 1e6 ? source * 100 + kind : kind;
}
