import { describe, expect, it } from 'vitest';
import {
  type Encoding,
  explicitLittleEndian,
  implicitLittleEndian,
  readElements,
} from '../../../../main/imaging/dicom/elements.ts';
import { ParsedDataset } from '../../../../main/imaging/dicom/parse.ts';
import { tags } from '../../../../main/imaging/dicom/tags.ts';

// Bytes are written out as PS3.5 section 7 lays them out, two hexadecimal digits each.
const itemStart = 'feff00e0 ffffffff';
const itemEnd = 'feff0de0 00000000';
const sequenceEnd = 'feffdde0 00000000';
const patientId = '10002000 4c4f 0200 3137';
const extendedOffsets = 'e07f0100 4f56 0000 10000000 0000000000000000 0002000000000000';

function read(hex: string, encoding: Encoding = explicitLittleEndian) {
  const bytes = Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
  const elements = readElements(bytes, { start: 0, end: bytes.length, encoding });
  return { ...elements, dataset: new ParsedDataset(bytes, elements.byTag, encoding) };
}

describe('readElements', () => {
  it('takes lengths of four bytes for values of 64 bits, in sequences of any length too', () => {
    const item = `${itemStart} ${extendedOffsets} ${itemEnd}`;
    const sequence = `08001511 5351 0000 ffffffff ${item} ${sequenceEnd}`;
    const known = '08004011 5351 0000 24000000 feff00e0 1c000000' + extendedOffsets;
    const { dataset, isWhole } = read(`${sequence} ${known} ${patientId} ${extendedOffsets}`);
    expect(isWhole).toBe(true);
    expect(dataset.numbers(tags.ExtendedOffsetTable)).toEqual([0, 512]);
    expect(dataset.text(tags.PatientID)).toBe('17');
    for (const tag of ['00081115', '00081140'])
      expect(dataset.items(tag).map((one) => one.numbers(tags.ExtendedOffsetTable))).toEqual([[0, 512]]);
  });

  it('reads a sequence of unknown VR as Implicit VR Little Endian, whatever is around it', () => {
    const implicitItem = `${itemStart} 10002000 02000000 3137 ${itemEnd}`;
    const sequence = `00081115 554e 0000 ffffffff ${implicitItem} ${sequenceEnd}`;
    const { dataset, isWhole } = read(`${sequence} 00100020 4c4f 0002 3138`, { explicit: true, littleEndian: false });
    expect(isWhole).toBe(true);
    expect(dataset.items('00081115').map((item) => item.text(tags.PatientID))).toEqual(['17']);
    expect(dataset.text(tags.PatientID)).toBe('18');
  });

  it('reads on where a writer slipped into Implicit VR, within an item too', () => {
    const slip = '08006000 02000000 4354';
    const sequence = `08001511 5351 0000 ffffffff ${itemStart} ${slip} ${patientId} ${itemEnd} ${sequenceEnd}`;
    const { dataset } = read(`${slip} ${sequence} ${patientId}`);
    for (const one of [dataset, ...dataset.items('00081115')])
      expect([one.text(tags.Modality), one.text(tags.PatientID)]).toEqual(['CT', '17']);
  });

  it('goes on after a sequence of known length whose items are damaged', () => {
    const { dataset, isWhole } = read(`08001511 5351 0000 0c000000 feff00e0 ffffff00 ffffffff ${patientId}`);
    expect(isWhole).toBe(true);
    expect(dataset.items('00081115')).toEqual([]);
    expect(dataset.text(tags.PatientID)).toBe('17');
  });

  it.each([
    ['within a header', '10001000 504e'],
    ['within a value', '10001000 504e 0800 41'],
    ['within a sequence', `08001511 5351 0000 ffffffff ${itemStart} ${patientId}`],
    ['between two items', `08001511 5351 0000 ffffffff ${itemStart} ${patientId} ${itemEnd}`],
    ['in what is no item', `08001511 5351 0000 ffffffff ${patientId} ${sequenceEnd}`],
  ])('keeps the elements before an end %s', (_, hex) => {
    const { isWhole, end, byTag } = read(`08006000 4353 0200 4354 ${hex}`);
    expect({ isWhole, end, found: [...byTag.keys()] }).toEqual({ isWhole: false, end: 10, found: ['00080060'] });
  });

  it.each([
    [32, true],
    [33, false],
    [20_000, false],
  ])('reads %i sequences in each other: %s', (depth, isRead) => {
    const nested = `08001511 ffffffff ${itemStart}`.repeat(depth) + `${itemEnd} ${sequenceEnd}`.repeat(depth);
    expect(read(nested, implicitLittleEndian).isWhole).toBe(isRead);
  });
});
