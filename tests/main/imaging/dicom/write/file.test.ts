import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Attributes } from '../../../../../main/imaging/dicom/write/attributes.ts';
import { decimalText } from '../../../../../main/imaging/dicom/write/decimal.ts';
import {
  type Encoding,
  explicitLittleEndian,
  implicitLittleEndian,
} from '../../../../../main/imaging/dicom/elements.ts';
import { fileBytes } from '../../../../../main/imaging/dicom/write/file.ts';
import { shortText } from '../../../../../main/imaging/dicom/write/shortText.ts';
import { newUid } from '../../../../../main/imaging/dicom/write/uid.ts';
import { readDicomObject } from '../../../../../main/imaging/dicom/object.ts';
import { tags } from '../../../../../main/imaging/dicom/tags.ts';
import { runPython } from '../../../../support/python.ts';
import { temporaryFolder } from '../../../../support/temporaryFolder.ts';

const attributes: Attributes = {
  Rows: 3,
  SOPClassUID: '1.2.840.10008.5.1.4.1.1.66.4',
  SOPInstanceUID: '2.25.7',
  PatientName: 'Grün^Ägidius=緑',
  ImageType: ['DERIVED', 'PRIMARY'],
  StudyDate: '20260102',
  StudyTime: '030405',
  ContentCreatorName: '',
  PatientAge: '042Y',
  SeriesNumber: 12,
  SliceThickness: 1 / 3,
  DimensionIndexValues: [1, 70000],
  DimensionIndexSequence: [{ DimensionIndexPointer: tags.ImagePositionPatient }, {}],
  SegmentSequence: [],
};

describe.each<[string, string, Encoding]>([
  ['Explicit VR Little Endian', '1.2.840.10008.1.2.1', explicitLittleEndian],
  ['Implicit VR Little Endian', '1.2.840.10008.1.2', implicitLittleEndian],
  ['Explicit VR Big Endian', '1.2.840.10008.1.2.2', { explicit: true, littleEndian: false }],
])('fileBytes, %s', (_, syntax, encoding) => {
  it('are read by pydicom and by us as they were meant', async () => {
    const path = join(temporaryFolder(), 'object.dcm');
    const chunks = [Uint8Array.of(1, 2), Uint8Array.of(3)];
    await writeFile(path, Buffer.concat([...fileBytes(attributes, encoding, { length: 3, chunks })]));
    const theirs = await runPython<unknown>(script, [path]);
    expect(theirs).toEqual({
      syntax,
      meta: ['1.2.840.10008.5.1.4.1.1.66.4', '2.25.7'],
      name: 'Grün^Ägidius=緑',
      type: ['DERIVED', 'PRIMARY'],
      dateTime: ['20260102', '030405'],
      empty: ['', 0],
      numbers: [3, 12, [1, 70000]],
      thickness: 0.33333333333333,
      pointers: ['00200032', null],
      pixels: [1, 2, 3, 0],
      sorted: true,
    });
    const ours = await readDicomObject(path, { pixels: true });
    expect(ours.warnings).toEqual([]);
    expect(ours.dataset.text(tags.PatientName)).toBe('Grün^Ägidius=緑');
    expect(ours.dataset.numbers(tags.DimensionIndexValues)).toEqual([1, 70000]);
    expect(ours.dataset.items(tags.DimensionIndexSequence)).toHaveLength(2);
  });
});

describe('decimalText', () => {
  it('has at most 16 characters and 9 digits of any number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = decimalText(value);
        expect(text).toMatch(/^[-+0-9.eE]{1,16}$/);
        expect(Math.abs(Number(text) - value)).toBeLessThanOrEqual(1e-8 * Math.abs(value));
      }),
      { examples: [[5e-324], [-1.2345678901234567e-300], [-0.1234567890123456], [1e21], [-123456789012345680]] },
    );
  });
});

describe('shortText', () => {
  it('is valid LO, whatever it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(shortText(text)).toMatch(/^.{0,64}$/su);
        expect(shortText(text)).not.toMatch(/[\\\p{Cc}]/u);
      }),
    );
  });
});

describe('newUid', () => {
  it('is a valid UID and never the same', () => {
    const uids = Array.from({ length: 100 }, newUid);
    expect(new Set(uids).size).toBe(100);
    for (const uid of uids) expect(uid).toMatch(/^2\.25\.[1-9]\d{0,38}$/);
  });
});

const script = `
import json, sys, pydicom
d = pydicom.dcmread(sys.argv[1])
order = [int(e.tag) for e in d]
print(json.dumps(dict(syntax=str(d.file_meta.TransferSyntaxUID), meta=[str(d.file_meta.MediaStorageSOPClassUID), str(d.file_meta.MediaStorageSOPInstanceUID)],
    name=str(d.PatientName), type=list(d.ImageType), dateTime=[d.StudyDate, d.StudyTime], empty=[str(d.ContentCreatorName), len(d.SegmentSequence)],
    numbers=[d.Rows, int(d.SeriesNumber), list(d.DimensionIndexValues)], thickness=float(d.SliceThickness),
    pointers=['%08x' % i.DimensionIndexPointer if 'DimensionIndexPointer' in i else None for i in d.DimensionIndexSequence],
    pixels=list(d.PixelData), sorted=order == sorted(order))))
`;
