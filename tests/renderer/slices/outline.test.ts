import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Outline, traceOutlines } from '../../../renderer/slices/outline.ts';

const planes = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })).chain(([width, height]) =>
  fc.record({
    width: fc.constant(width),
    height: fc.constant(height),
    plane: fc.uint8Array({ min: 0, max: 3, minLength: width * height, maxLength: width * height }),
  }),
);

const pieces = (outline: Outline) =>
  Array.from(
    { length: outline.length / 4 },
    (_, n) => outline.slice(4 * n, 4 * n + 4) as [number, number, number, number],
  );

describe('traceOutlines', () => {
  it('encloses exactly the pixels of each label: a ray to the left of a pixel inside crosses an odd number of edges', () => {
    fc.assert(
      fc.property(planes, ({ plane, width, height }) => {
        const outlines = traceOutlines(plane, width, height);
        expect([...outlines.keys()].sort()).toEqual([...new Set(plane)].filter((label) => label !== 0).sort());
        for (const [label, outline] of outlines) {
          for (const [n, here] of plane.entries()) {
            const [x, y] = [(n % width) + 0.5, Math.floor(n / width) + 0.5];
            const [left, above] = [pieces(outline), pieces(outline)].map((all, axis) =>
              all.filter(([x0, y0, x1, y1]) =>
                axis === 0 ? x0 === x1 && x0 < x && y0 < y && y < y1 : y0 === y1 && y0 < y && x0 < x && x < x1,
              ),
            );
            expect(left!.length % 2 === 1).toBe(here === label);
            expect(above!.length % 2 === 1).toBe(here === label);
          }
        }
      }),
    );
  });

  it('joins edges in line to one piece', () => {
    const outline = traceOutlines(Uint8Array.of(0, 0, 0, 0, 2, 2, 2, 2, 0, 0, 0, 0), 4, 3).get(2);
    expect(pieces(outline!)).toEqual([
      [0, 1, 4, 1],
      [0, 2, 4, 2],
      [0, 1, 0, 2],
      [4, 1, 4, 2],
    ]);
  });
});
