import { describe, expect, it } from 'vitest';
import { Xoshiro128 } from '../../../ml/random/xoshiro.ts';

// Source: Blackman & Vigna's xoshiro128starstar.c (version 1.1) from the state {1, 2, 3, 4}, as kept in the test of the Rust crate
// rand_xoshiro.
const published = [11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804];

describe('Xoshiro128', () => {
  it('gives the published numbers of the reference program', () => {
    const generator = new Xoshiro128([1, 2, 3, 4]);
    expect(published.map(() => generator.next() >>> 0)).toEqual(published);
  });

  it('makes a uniform of the upper 27 bits of one word and the upper 26 of the next', () => {
    const generator = new Xoshiro128([1, 2, 3, 4]);
    for (const i of [0, 2, 4, 6, 8]) {
      const bits = (BigInt(published[i]! >>> 5) << 26n) | BigInt(published[i + 1]! >>> 6);
      expect(generator.uniform()).toBe(Number(bits) / 2 ** 53);
    }
  });
});
