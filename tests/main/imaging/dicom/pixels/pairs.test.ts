import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addInPairs, haveBits } from '../../../../../main/imaging/dicom/pixels/pairs.ts';

const even = fc.uint16Array({ minLength: 0, maxLength: 40 }).map((values) => values.slice(0, values.length & ~1));

describe('addInPairs', () => {
  it('adds to each number as if it were alone, into another array or the same', () => {
    fc.assert(
      fc.property(even, fc.integer({ min: -40_000, max: 70_000 }), (values, summand) => {
        const expected = Int16Array.from(values, (value) => value + summand);
        const target = new Int16Array(values.length);
        expect(addInPairs(target, values.slice(), summand)).toBe(true);
        expect(target).toEqual(expected);
        const same = values.slice();
        addInPairs(same, same, summand);
        expect(new Int16Array(same.buffer)).toEqual(expected);
      }),
    );
  });

  it('leaves alone what does not come in pairs', () => {
    const target = new Int16Array(3);
    expect(addInPairs(target, Uint16Array.of(1, 2, 3), 1)).toBe(false);
    expect(addInPairs(new Int16Array(2), new Uint16Array(new ArrayBuffer(6), 2, 2), 1)).toBe(false);
    expect(target).toEqual(new Int16Array(3));
  });
});

describe('haveBits', () => {
  it('finds a bit in any of the numbers', () => {
    fc.assert(
      fc.property(even, fc.integer({ min: 0, max: 0xffff }), (values, bits) => {
        expect(haveBits(values.slice(), bits)).toBe(values.some((value) => (value & bits) !== 0));
      }),
    );
  });
});
