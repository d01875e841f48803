const INITIAL_A = 0x43b0d7e5;
const MULTIPLIER_A = 0x931e8875;
const INITIAL_B = 0x8b51f9dd;
const MULTIPLIER_B = 0x58f38ded;
const MIX_LEFT = 0xca01f9dd;
const MIX_RIGHT = 0x4973f715;

/** The seed_seq hash of one word: its constant changes with every word taken in. */
function wordHash(initial: number, multiplier: number): (word: number) => number {
  let constant = initial;
  return (word) => {
    const xored = word ^ constant;
    constant = Math.imul(constant, multiplier);
    const product = Math.imul(xored, constant);
    return product ^ (product >>> 16);
  };
}

function mix(left: number, right: number): number {
  const difference = (Math.imul(left, MIX_LEFT) - Math.imul(right, MIX_RIGHT)) | 0;
  return difference ^ (difference >>> 16);
}

/**
 * Spreads words of any number into 128 well-mixed bits: O'Neill's `seed_seq_fe128` (pcg-random.org, "Developing a seed_seq
 * Alternative", 2015), which is also the default of numpy's `SeedSequence`.
 *
 * @param entropy Unsigned 32-bit words. Trailing zeros up to the fourth word do not count.
 */
export function seedSequence(entropy: readonly number[]): Uint32Array {
  const absorb = wordHash(INITIAL_A, MULTIPLIER_A);
  const pool = new Uint32Array(4);
  for (let i = 0; i < 4; i++) pool[i] = absorb(entropy[i] ?? 0);
  for (let source = 0; source < 4; source++) {
    for (let target = 0; target < 4; target++) {
      if (source !== target) pool[target] = mix(pool[target]!, absorb(pool[source]!));
    }
  }
  for (const word of entropy.slice(4)) {
    for (let target = 0; target < 4; target++) pool[target] = mix(pool[target]!, absorb(word));
  }
  return pool.map(wordHash(INITIAL_B, MULTIPLIER_B));
}
