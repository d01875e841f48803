// 16-bit numbers two at a time, as one of 32 bits: half as long as one by one.

type Numbers16 = Uint16Array<ArrayBuffer> | Int16Array<ArrayBuffer>;

export const are16Bits = (values: ArrayLike<number>): values is Numbers16 =>
  values instanceof Uint16Array || values instanceof Int16Array;

/** `undefined` where they do not begin at a multiple of four bytes, or one is left over. */
function pairsOf({ buffer, byteOffset, length }: Numbers16): Int32Array<ArrayBuffer> | undefined {
  return byteOffset % 4 === 0 && length % 2 === 0 ? new Int32Array(buffer, byteOffset, length / 2) : undefined;
}

const twice = (number: number): number => (number & 0xffff) | (number << 16);

/** Whether some value has one of these bits; `undefined` where that cannot be told in pairs. */
export function haveBits(values: Numbers16, bits: number): boolean | undefined {
  const pairs = pairsOf(values);
  if (pairs === undefined) return undefined;
  let all = 0;
  // `for of` over a typed array takes six times as long.
  let n = pairs.length;
  while (n-- > 0) all |= pairs[n]!;
  return (all & twice(bits)) !== 0;
}

/**
 * `target[n] = values[n] + summand`, modulo 2^16.
 *
 * @returns Whether it could be done in pairs; else nothing is written.
 */
export function addInPairs(target: Numbers16, values: Numbers16, summand: number): boolean {
  const [to, from] = [pairsOf(target), pairsOf(values)];
  if (to === undefined || from === undefined) return false;
  const both = twice(summand);
  // The highest bits are added without carry, so that none goes from one number to the next.
  const low = both & 0x7fff_7fff;
  for (let n = 0; n < from.length; n++) {
    const pair = from[n]!;
    to[n] = ((pair & 0x7fff_7fff) + low) ^ ((pair ^ both) & 0x8000_8000);
  }
  return true;
}
