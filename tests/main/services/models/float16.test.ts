import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toFloat16, toFloat32 } from '../../../../main/services/models/float16.ts';

const everyHalf = Uint16Array.from({ length: 65_536 }, (_, bits) => bits);
const isNotANumber = (half: number) => (half & 0x7c00) === 0x7c00 && (half & 0x3ff) !== 0;

/** IEEE 754-2008 section 3.4, said in arithmetic instead of bits. */
function valueOf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = (half & 0x3ff) / 1024;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -14 : (1 + fraction) * 2 ** (exponent - 15));
}

describe('toFloat32', () => {
  it('gives the value of each of the 65536 halves', () => {
    const wide = toFloat32(everyHalf);
    for (const half of everyHalf)
      if (!Object.is(wide[half], valueOf(half))) expect([half, wide[half]]).toBe(valueOf(half));
  });
});

describe('toFloat16', () => {
  it('gives each of the 65536 halves back bit for bit', () => {
    expect(toFloat16(toFloat32(everyHalf))).toEqual(everyHalf);
  });

  it('rounds to the nearest half and a tie to the even one, all along the range', () => {
    const finite = everyHalf.filter((half) => half < 0x7bff);
    const below = toFloat32(finite);
    const above = toFloat32(finite.map((half) => half + 1));
    const middle = below.map((value, i) => (value + above[i]!) / 2);
    const bits = new Uint32Array(middle.buffer);
    const next = new Float32Array(bits.map((word) => word + 1).buffer);
    const previous = new Float32Array(bits.map((word) => word - 1).buffer);
    for (const sign of [1, -1]) {
      const mark = sign < 0 ? 0x8000 : 0;
      const signed = (values: Float32Array) => toFloat16(values.map((value) => sign * value));
      expect(signed(middle)).toEqual(finite.map((half) => (half + (half & 1)) | mark));
      expect(signed(next)).toEqual(finite.map((half) => (half + 1) | mark));
      expect(signed(previous)).toEqual(finite.map((half) => half | mark));
    }
  });

  it('goes to infinity from half a step beyond the largest half on', () => {
    expect([...toFloat16(Float32Array.of(65_504, 65_519.996, 65_520, 65_536, 1e38, -65_520))]).toEqual([
      0x7bff, 0x7bff, 0x7c00, 0x7c00, 0x7c00, 0xfc00,
    ]);
  });

  it('never makes a number of what is none, whatever its payload', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 0x7f_ffff }), fc.boolean(), (payload, negative) => {
        const bits = Uint32Array.of((negative ? 0xff80_0000 : 0x7f80_0000) | payload);
        return isNotANumber(toFloat16(new Float32Array(bits.buffer))[0]!);
      }),
    );
  });
});
