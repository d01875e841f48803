import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeLosslessJpeg } from '../../../../../main/imaging/dicom/codecs/jpeg/lossless.ts';

interface Picture {
  readonly rows: number;
  readonly columns: number;
  readonly samples: number;
  readonly precision: number;
  readonly selection: number;
  readonly restarts: boolean;
  readonly values: readonly number[];
}

const pictures: fc.Arbitrary<Picture> = fc
  .record({
    rows: fc.integer({ min: 1, max: 6 }),
    columns: fc.integer({ min: 1, max: 6 }),
    samples: fc.constantFrom(1, 3),
    precision: fc.integer({ min: 2, max: 16 }),
    selection: fc.integer({ min: 1, max: 7 }),
    restarts: fc.boolean(),
  })
  .chain((shape) => {
    const count = shape.rows * shape.columns * shape.samples;
    const value = fc.nat(2 ** shape.precision - 1);
    return fc.array(value, { minLength: count, maxLength: count }).map((values) => ({ ...shape, values }));
  });

/** ITU-T T.81 table H.1, with its rules for the edges. */
function predict({ values, columns, samples, precision, selection, restarts }: Picture, at: number): number {
  const across = columns * samples;
  const isFirst = restarts || at < across;
  const [left = 0, above = 0, corner = 0] = [values[at - samples], values[at - across], values[at - across - samples]];
  if (at % across < samples) return isFirst ? 2 ** (precision - 1) : above;
  if (isFirst) return left;
  const gradient = { 4: left + above - corner, 5: left + ((above - corner) >> 1), 6: above + ((left - corner) >> 1) };
  return [0, left, above, corner, gradient[4], gradient[5], gradient[6], (left + above) >> 1][selection]!;
}

/** Writes a picture with a Huffman table that gives each size a code of 5 bits. */
function encode(picture: Picture): Uint8Array {
  const { rows, columns, samples, precision, selection, restarts, values } = picture;
  const word = (value: number) => [value >> 8, value & 0xff];
  const components = Array.from({ length: samples }, (_, index) => index + 1);
  const sizes = Array.from({ length: 17 }, (_, size) => size);
  const counts = sizes.slice(1).map((length) => (length === 5 ? 17 : 0));
  const head = [0xff, 0xd8, 0xff, 0xc3, ...word(8 + 3 * samples), precision, ...word(rows), ...word(columns), samples];
  head.push(...components.flatMap((id) => [id, 0x11, 0]), 0xff, 0xc4, ...word(19 + 17), 0, ...counts, ...sizes);
  if (restarts) head.push(0xff, 0xdd, 0, 4, ...word(columns));
  head.push(0xff, 0xda, ...word(6 + 2 * samples), samples, ...components.flatMap((id) => [id, 0]), selection, 0, 0);
  const across = columns * samples;
  const lines = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: across }, (_, i) => bitsOf(values[row * across + i]! - predict(picture, row * across + i))),
  );
  const scans = restarts ? lines.map((line) => line.join('')) : [lines.flat().join('')];
  const data = scans.flatMap((bits, index) => [
    ...stuffed(bits),
    0xff,
    index + 1 < scans.length ? 0xd0 + (index % 8) : 0xd9,
  ]);
  return Uint8Array.from([...head, ...data]);
}

function bitsOf(exact: number): string {
  const difference = ((exact + 32767) & 0xffff) - 32767;
  const size = difference === 0 ? 0 : Math.floor(Math.log2(Math.abs(difference))) + 1;
  const rest = difference < 0 ? difference + 2 ** size - 1 : difference;
  return size.toString(2).padStart(5, '0') + (size === 0 || size === 16 ? '' : rest.toString(2).padStart(size, '0'));
}

function stuffed(bits: string): number[] {
  const padded = bits.padEnd(Math.ceil(bits.length / 8) * 8, '1');
  const bytes = Array.from({ length: padded.length / 8 }, (_, i) => Number.parseInt(padded.slice(i * 8, i * 8 + 8), 2));
  return bytes.flatMap((byte) => (byte === 0xff ? [byte, 0] : [byte]));
}

describe('decodeLosslessJpeg', () => {
  it('undoes every predictor at every depth, with and without restart markers', () => {
    fc.assert(
      fc.property(pictures, (picture) => {
        const { bytes, precision } = decodeLosslessJpeg(encode(picture));
        const values = precision <= 8 ? bytes : new Uint16Array(bytes.buffer);
        expect([...values]).toEqual(picture.values);
      }),
    );
  });

  it('refuses a size for which there are not enough bytes, before it allocates', () => {
    const picture = { rows: 1, columns: 1, samples: 1, precision: 8, selection: 1, restarts: false, values: [3] };
    const bytes = encode(picture);
    bytes.set([0xff, 0xff, 0xff, 0xff], 7);
    expect(() => decodeLosslessJpeg(bytes)).toThrow('too few bytes for its size');
  });
});
