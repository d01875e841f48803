import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitFrames } from '../../../../../main/imaging/dicom/pixels/fragments.ts';

/** Frames start with 1 and go on with other bytes, cut into fragments of even length. */
const frames = fc.array(
  fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 4 }).map((lengths) => lengths.map((n) => n * 2)),
  { minLength: 1, maxLength: 6 },
);

const path = 'test.dcm';
const startsFrame = (bytes: Uint8Array) => bytes[0] === 1;
const none = { offsets: [], lengths: [] };

function encapsulate(lengths: readonly (readonly number[])[], table: 'basic' | 'none') {
  const items: Buffer[] = [];
  const offsets: number[] = [];
  const contents = lengths.map((fragments) => {
    offsets.push(items.reduce((sum, item) => sum + item.length, 0));
    const parts = fragments.map((length, index) => Buffer.alloc(length, index === 0 ? 1 : 2));
    items.push(...parts.map((part) => Buffer.concat([item(part.length), part])));
    return new Uint8Array(Buffer.concat(parts));
  });
  const basic = Buffer.alloc(table === 'basic' ? offsets.length * 4 : 0);
  if (table === 'basic') offsets.forEach((offset, index) => basic.writeUInt32LE(offset, index * 4));
  const end = Buffer.from('feffdde000000000', 'hex');
  return { contents, offsets, value: new Uint8Array(Buffer.concat([item(basic.length), basic, ...items, end])) };
}

function item(length: number): Buffer {
  const header = Buffer.from('feff00e000000000', 'hex');
  header.writeUInt32LE(length, 4);
  return header;
}

describe('splitFrames', () => {
  it('finds the frames by the basic offset table, or by how they start', () => {
    fc.assert(
      fc.property(frames, fc.constantFrom('basic' as const, 'none' as const), (lengths, table) => {
        const { value, contents } = encapsulate(lengths, table);
        const found = splitFrames(value, lengths.length, { path, extended: none, startsFrame });
        expect(found.frames.map((frame) => [...frame])).toEqual(contents.map((frame) => [...frame]));
        expect(found.isCut).toBe(false);
      }),
    );
  });

  it('finds the frames by the extended offset table', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }), (lengths) => {
        const { value, contents, offsets } = encapsulate(
          lengths.map((length) => [length * 2]),
          'none',
        );
        const extended = { offsets, lengths: lengths.map((length) => length * 2 - 1) };
        const { frames: found } = splitFrames(value, lengths.length, { path, extended, startsFrame });
        expect(found.map((frame) => [...frame])).toEqual(contents.map((frame) => [...frame.slice(0, -1)]));
      }),
    );
  });

  it('refuses to guess which fragments belong together', () => {
    const { value } = encapsulate([[2, 2], [2]], 'none');
    const options = { path, extended: none, startsFrame: () => true };
    expect(() => splitFrames(value, 2, options)).toThrow(
      '2 frames are said to be in 3 fragments without an offset table',
    );
  });

  it('says when the last fragment is cut', () => {
    const { value } = encapsulate([[8], [8]], 'basic');
    expect(splitFrames(value.slice(0, -12), 2, { path, extended: none, startsFrame }).isCut).toBe(true);
  });
});
