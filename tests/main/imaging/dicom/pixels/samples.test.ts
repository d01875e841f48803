import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spreadColour } from '../../../../../main/imaging/dicom/pixels/colour.ts';
import { expandSegments } from '../../../../../main/imaging/dicom/pixels/palette.ts';
import { keepStoredBits, unpackBits } from '../../../../../main/imaging/dicom/pixels/samples.ts';

describe('keepStoredBits', () => {
  it('takes the number from between other bits, with its sign', () => {
    const cases = fc
      .record({
        width: fc.constantFrom(8, 16, 32),
        isSigned: fc.boolean(),
        junk: fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }),
      })
      .chain(({ width, ...rest }) =>
        fc.integer({ min: 1, max: width }).chain((bitsStored) =>
          fc.record({
            width: fc.constant(width),
            bitsStored: fc.constant(bitsStored),
            highBit: fc.integer({ min: bitsStored - 1, max: width - 1 }),
            value: fc.bigInt({ min: 0n, max: 2n ** BigInt(bitsStored) - 1n }),
            isSigned: fc.constant(rest.isSigned),
            junk: fc.constant(rest.junk),
          }),
        ),
      );
    fc.assert(
      fc.property(cases, ({ width, bitsStored, highBit, value, isSigned, junk }) => {
        const low = BigInt(highBit + 1 - bitsStored);
        const mask = (2n ** BigInt(bitsStored) - 1n) << low;
        const stored = Number(BigInt.asUintN(width, (junk & ~mask) | (value << low)));
        const types = {
          8: [Uint8Array, Int8Array],
          16: [Uint16Array, Int16Array],
          32: [Uint32Array, Int32Array],
        } as const;
        const type = types[width][isSigned ? 1 : 0];
        const [kept] = keepStoredBits(type.of(stored), { bitsStored, highBit, isSigned });
        expect(kept).toBe(Number(isSigned ? BigInt.asIntN(bitsStored, value) : value));
      }),
    );
  });
});

describe('unpackBits', () => {
  it('takes numbers of any width from a stream of bits, from any bit on', () => {
    fc.assert(
      fc.property(fc.constantFrom(1, 4, 10, 12, 24), fc.nat(7), fc.array(fc.nat()), (bits, first, raw) => {
        const values = raw.map((value) => value % 2 ** bits);
        const bytes = new Uint8Array(Math.ceil((first + values.length * bits) / 8));
        for (const [index, value] of values.entries())
          for (let n = 0; n < bits; n++) {
            const place = first + index * bits + n;
            bytes[Math.floor(place / 8)]! += (Math.floor(value / 2 ** n) % 2) * 2 ** (place % 8);
          }
        expect([...unpackBits(bytes, first, bits, values.length)]).toEqual(values);
      }),
    );
  });
});

describe('expandSegments', () => {
  it('expands discrete, linear and indirect segments', () => {
    // PS3.3 section C.7.9.2: two entries, three more on a line to 60, and the same two segments again.
    const words = [0, 2, 10, 20, 1, 4, 60, 2, 2, 0, 0];
    expect([...(expandSegments(words, 12) ?? [])]).toEqual([10, 20, 30, 40, 50, 60, 10, 20, 30, 40, 50, 60]);
  });

  it.each([
    ['a line from nowhere', [1, 4, 60]],
    ['a kind that does not exist', [7, 1, 1]],
    ['a reference to itself', [0, 1, 5, 2, 1, 3, 0]],
    ['too few entries', [0, 2, 1, 2]],
  ])('gives nothing for %s', (_, words) => {
    expect(expandSegments(words, 12)).toBeUndefined();
  });
});

describe('spreadColour', () => {
  it('gives two pixels the colour they share', () => {
    expect([...spreadColour(Uint8Array.of(1, 2, 30, 40))]).toEqual([1, 30, 40, 2, 30, 40]);
  });
});
