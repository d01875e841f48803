import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shuffle } from '../../../ml/random/shuffle.ts';
import { stream } from '../../../ml/random/stream.ts';

describe('shuffle', () => {
  it('keeps every item, the given array, and the order for a seed', () => {
    fc.assert(
      fc.property(fc.array(fc.nat()), fc.nat(), (items, seed) => {
        const before = [...items];
        const shuffled = shuffle(items, stream(seed));
        expect(items).toEqual(before);
        expect([...shuffled].sort()).toEqual([...items].sort());
        expect(shuffle(items, stream(seed))).toEqual(shuffled);
      }),
    );
  });

  it('makes every order as likely', () => {
    const rng = stream(1, 'shuffle');
    const counts = new Map<string, number>();
    for (let i = 0; i < 24_000; i++) {
      const order = shuffle(['a', 'b', 'c', 'd'], rng).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    // 23 degrees of freedom: exceeded once in 1000.
    expect(chiSquare).toBeLessThan(49.73);
  });
});
