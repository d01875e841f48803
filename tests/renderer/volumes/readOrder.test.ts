import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readOrder } from '../../../renderer/volumes/readOrder.ts';

describe('readOrder', () => {
  it('begins with the slices in view and goes outwards', () => {
    expect(readOrder(10, 4, 5)[0]).toEqual({ from: 4, to: 8 });
    expect(readOrder(9, 3, 0).map(({ from }) => from)).toEqual([0, 3, 6]);
  });

  it('asks for every slice once, whatever the sizes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 1, max: 50 }),
        fc.nat(400),
        (slices, most, first) => {
          const spans = readOrder(slices, most, first);
          const asked = spans.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, n) => from + n));
          expect(spans.every(({ from, to }) => to - from <= most)).toBe(true);
          expect(asked.sort((a, b) => a - b)).toEqual(Array.from({ length: slices }, (_, n) => n));
        },
      ),
    );
  });
});
