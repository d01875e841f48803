import { deflateRawSync } from 'node:zlib';
import { Problem } from '../../../../ml/check/problem.ts';
import type { Salt } from '../../salt.ts';
import type { DicomObject } from '../object.ts';
import { tags, type Tag } from '../tags.ts';
import { nativeSyntax } from '../transferSyntax.ts';
import type { Attributes } from '../write/attributes.ts';
import { codeItem } from '../write/code.ts';
import { encodeAttributes } from '../write/encode.ts';
import { fileStart } from '../write/file.ts';
import { clean, renewedUid } from './clean.ts';

/** An object of which nothing names a person any more, as far as its attributes go. */
export interface Deidentified {
  readonly patient: string;
  /** Its new Series Instance UID. */
  readonly series: string;
  /** Every element of the data set, by tag. */
  readonly elements: ReadonlyMap<Tag, Buffer>;
  /** The whole file. */
  readonly bytes: Buffer;
}

/** Larger objects do not fit in memory twice. */
const mostBytes = 2 ** 31;

/**
 * A copy with the Basic Application Level Confidentiality Profile of DICOM PS3.15 annex E applied; pixels and transfer syntax stay as they are.
 *
 * @param object Read with its pixels.
 * @throws Problem `data` where the object is damaged.
 */
export async function deidentify(object: DicomObject, salt: Salt): Promise<Deidentified> {
  const { path, dataset, encoding, start } = object;
  const bytes = await object.bytes.read(0, mostBytes);
  if (bytes.length === mostBytes)
    throw new Problem('memory', 'the file is larger than 2 GiB', path, 'Have it exported in smaller objects.');
  const elements = clean({ path, bytes, salt }, { start, end: bytes.length, encoding });
  const patient = salt.pseudonym(dataset.text(tags.PatientID) ?? dataset.text(tags.PatientName) ?? '');
  const stated = { ...statement, PatientID: patient, PatientName: patient };
  for (const word of statedKeywords) elements.set(tags[word], encodeAttributes({ [word]: stated[word] }, encoding));
  const sorted = new Map([...elements].sort(([a], [b]) => (a < b ? -1 : 1)));
  return {
    patient,
    series: renewedUid(dataset.text(tags.SeriesInstanceUID) ?? '', salt),
    elements: sorted,
    bytes: Buffer.concat([startOf(object, salt), packed(object, Buffer.concat([...sorted.values()]))]),
  };
}

const statement = {
  PatientIdentityRemoved: 'YES',
  DeidentificationMethod: 'DICOM PS3.15 2026c Basic Profile',
  DeidentificationMethodCodeSequence: [
    codeItem({ value: '113100', scheme: 'DCM', meaning: 'Basic Application Confidentiality Profile' }),
  ],
  LongitudinalTemporalInformationModified: 'REMOVED',
} as const satisfies Attributes;

const statedKeywords = [
  'PatientName',
  'PatientID',
  'PatientIdentityRemoved',
  'DeidentificationMethod',
  'DeidentificationMethodCodeSequence',
  'LongitudinalTemporalInformationModified',
] as const;

function startOf({ dataset, transferSyntax, encoding }: DicomObject, salt: Salt): Buffer {
  const isNative = transferSyntax.codec === 'native' && !transferSyntax.isDeflated;
  // Native files are now and then written in another encoding than they say.
  const syntax = isNative && transferSyntax.uid !== encapsulatedNative ? nativeSyntax(encoding) : transferSyntax;
  const instance = renewedUid(dataset.text(tags.SOPInstanceUID) ?? '', salt);
  return fileStart(dataset.text(tags.SOPClassUID) ?? '', instance, syntax.uid);
}

/** Encapsulated Uncompressed Explicit VR Little Endian. */
const encapsulatedNative = '1.2.840.10008.1.2.1.98';

function packed({ transferSyntax }: DicomObject, dataset: Buffer): Buffer {
  if (!transferSyntax.isDeflated) return dataset;
  const deflated = deflateRawSync(dataset);
  return deflated.length % 2 === 0 ? deflated : Buffer.concat([deflated, Buffer.alloc(1)]);
}
