/**
 * xoshiro128** 1.1, 128 bits of state, period 2^128 - 1: Blackman & Vigna, "Scrambled linear pseudorandom number generators",
 * ACM TOMS 47(4), 2021, and their public-domain `xoshiro128starstar.c`.
 */
export class Xoshiro128 {
  // An Int32Array and not four fields: V8 boxes a field that outgrows 31 bits where pointers are compressed, as in Electron.
  readonly #state: Int32Array;

  /** @param state Four words, not all zero. */
  constructor(state: ArrayLike<number>) {
    this.#state = Int32Array.from(state);
  }

  /** 32 random bits as a signed integer. */
  next(): number {
    const s = this.#state;
    const s0 = s[0]!;
    const s1 = s[1]!;
    const s2 = s[2]! ^ s0;
    const s3 = s[3]! ^ s1;
    s[0] = s0 ^ s3;
    s[1] = s1 ^ s2;
    s[2] = s2 ^ (s1 << 9);
    s[3] = (s3 << 11) | (s3 >>> 21);
    const scrambled = Math.imul(s1, 5);
    return Math.imul((scrambled << 7) | (scrambled >>> 25), 9);
  }

  /** Uniform in [0, 1), 53 bits. */
  uniform(): number {
    const high = this.next() >>> 5;
    return (high * 2 ** 26 + (this.next() >>> 6)) * 2 ** -53;
  }
}
