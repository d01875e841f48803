import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seedSequence } from '../../../ml/random/seedSequence.ts';
import { runPython } from '../../support/python.ts';

const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });

/** How many of 128 bits differ. */
function distance(a: Uint32Array, b: Uint32Array): number {
  return a.reduce((sum, value, i) => sum + ((value ^ b[i]!) >>> 0).toString(2).replace(/[^1]/g, '').length, 0);
}

describe('seedSequence', () => {
  // Source: output of O'Neill's C++ (gist.github.com/imneme/540829265469e673d045), as kept in numpy's test_seed_sequence.py.
  it.each([
    {
      entropy: [3735928559, 195939070, 229505742, 305419896],
      state: [3914649087, 576849849, 3593928901, 2229911004],
    },
    {
      entropy: [3668361503, 4165561550, 1661411377, 3634257570],
      state: [2240804226, 3691353228, 1365957195, 2654016646],
    },
    {
      entropy: [2766103236, 2883057919, 4029656435, 862374500],
      state: [296367413, 4262059219, 13109864, 3283683422],
    },
    { entropy: [42], state: [3444837047, 2669555309, 2046530742, 3581440988] },
  ])('gives the published state of $entropy', ({ entropy, state }) => {
    expect([...seedSequence(entropy)]).toEqual(state);
  });

  it("agrees with numpy's SeedSequence for any number of words", async () => {
    const script = `
import json, sys, numpy
print(json.dumps([numpy.random.SeedSequence(e).generate_state(4).tolist() for e in json.load(sys.stdin)]))`;
    const entropies = fc.sample(fc.array(word, { minLength: 1, maxLength: 40 }), { numRuns: 300, seed: 1 });
    const expected = await runPython<number[][]>(script, [], { input: JSON.stringify(entropies) });
    expect(entropies.map((entropy) => [...seedSequence(entropy)])).toEqual(expected);
  });

  it('changes about half of its bits when one bit of the entropy changes', () => {
    const distances = fc
      .sample(fc.tuple(fc.array(word, { minLength: 1, maxLength: 30 }), fc.nat(), fc.nat(31)), {
        numRuns: 500,
        seed: 2,
      })
      .map(([entropy, at, bit]) => {
        const changed = entropy.map((value, i) => (i === at % entropy.length ? (value ^ (1 << bit)) >>> 0 : value));
        return distance(seedSequence(entropy), seedSequence(changed));
      });
    // 128 fair coins: mean 64, standard deviation 5.66.
    expect(distances.reduce((sum, value) => sum + value) / distances.length).toBeCloseTo(64, 0);
    expect(Math.min(...distances)).toBeGreaterThan(64 - 5 * 5.66);
    expect(Math.max(...distances)).toBeLessThan(64 + 5 * 5.66);
  });
});
