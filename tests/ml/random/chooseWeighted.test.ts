import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseWeighted } from '../../../ml/random/chooseWeighted.ts';
import { stream } from '../../../ml/random/stream.ts';

describe('chooseWeighted', () => {
  it('draws each index in proportion to its weight', () => {
    const weights = [3, 0, 1, 6];
    const rng = stream(1, 'choose');
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 100_000; i++) counts[chooseWeighted(weights, rng)]! += 1;
    expect(counts[1]).toBe(0);
    const chiSquare = [0, 2, 3].reduce((sum, i) => {
      const expected = weights[i]! * 1e4;
      return sum + (counts[i]! - expected) ** 2 / expected;
    }, 0);
    // 2 degrees of freedom: exceeded once in 1000.
    expect(chiSquare).toBeLessThan(13.82);
  });

  it('never draws a weight of 0, at either end of the uniform draw', () => {
    const weights = fc.array(fc.constantFrom(0, 1e-300, 0.1, 1e300), { minLength: 1 });
    const uniforms = fc.constantFrom(0, 0.5, 1 - 2 ** -53);
    fc.assert(
      fc.property(weights, uniforms, (values, uniform) => {
        fc.pre(values.some((value) => value > 0));
        const rng = { uniform: () => uniform, integer: () => 0, normal: () => 0 };
        expect(values[chooseWeighted(values, rng)]).toBeGreaterThan(0);
      }),
    );
  });

  it.each([[[]], [[0, 0]], [[1, -1]], [[1, NaN]], [[Infinity]]])('refuses the weights %j', (weights) => {
    expect(() => chooseWeighted(weights, stream(0))).toThrow('invariant');
  });
});
