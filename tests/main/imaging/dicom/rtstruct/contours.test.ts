import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillPolygons } from '../../../../../main/imaging/dicom/rtstruct/fillPolygons.ts';
import { joinHoles } from '../../../../../main/imaging/dicom/rtstruct/keyhole.ts';
import { doubleArea, type Loop, traceContours } from '../../../../../main/imaging/dicom/rtstruct/traceContours.ts';

const masks = fc
  .record({ columns: fc.integer({ min: 1, max: 14 }), rows: fc.integer({ min: 1, max: 14 }) })
  .chain(({ columns, rows }) =>
    fc
      .uint8Array({ minLength: columns * rows, maxLength: columns * rows, max: 1 })
      .map((mask) => ({ columns, rows, mask })),
  );

type Point = Loop[number];

/** Two holes of which the left one's channel has the right one in its way. */
const crossing = Uint8Array.from('1111111 1111101 1011101 1111101 1111111'.replaceAll(' ', ''), Number);

const polygonOf = (loop: Loop) => Float64Array.from(loop.flat());

function filled(loops: readonly Loop[], columns: number, rows: number): Uint8Array {
  const mask = new Uint8Array(columns * rows);
  fillPolygons(mask, columns, rows, loops.map(polygonOf));
  return mask;
}

/** The pixels of each curve alone, laid over one another: what a reader does that knows no holes. */
function united(loops: readonly Loop[], columns: number, rows: number): Uint8Array {
  const mask = new Uint8Array(columns * rows);
  for (const loop of loops) fillPolygons(mask, columns, rows, [polygonOf(loop)]);
  return mask;
}

describe('traceContours and fillPolygons', () => {
  it('give any mask back by the even-odd rule', () => {
    fc.assert(
      fc.property(masks, ({ mask, columns, rows }) => {
        expect(filled(traceContours(mask, columns, rows), columns, rows)).toEqual(mask);
      }),
      { numRuns: 500 },
    );
  });

  it('trace outlines one way and holes the other, and the areas add up to the pixels but for their corners', () => {
    fc.assert(
      fc.property(masks, ({ mask, columns, rows }) => {
        const loops = traceContours(mask, columns, rows);
        const area = loops.reduce((sum, loop) => sum + doubleArea(loop), 0) / 2;
        const pixels = mask.reduce((sum, value) => sum + value, 0);
        // Each corner of an outline loses a triangle of 1/8; one that points inward gains it.
        expect(Math.abs(area - pixels)).toBeLessThanOrEqual(pixels / 2);
        expect(loops.every((loop) => doubleArea(loop) !== 0)).toBe(true);
      }),
    );
  });

  it('never go through a pixel centre, and leave out points on straight runs', () => {
    const block = new Uint8Array(36).fill(1);
    const [loop, ...others] = traceContours(block, 6, 6);
    expect(others).toEqual([]);
    expect(loop).toHaveLength(8);
    expect(loop?.every(([x, y]) => Number.isInteger(x) !== Number.isInteger(y))).toBe(true);
  });

  it.each([[[1, 0, 0, 1]], [[0, 1, 1, 0]]])('do not join pixels that touch by a corner: %j', (pixels) => {
    expect(traceContours(Uint8Array.from(pixels), 2, 2)).toHaveLength(2);
  });
});

describe('joinHoles', () => {
  it('gives curves that are right alone: by even-odd, and each filled without regard to the others', () => {
    fc.assert(
      fc.property(masks, ({ mask, columns, rows }) => {
        const joined = joinHoles(traceContours(mask, columns, rows));
        expect(filled(joined, columns, rows)).toEqual(mask);
        expect(united(joined, columns, rows)).toEqual(mask);
        expect(joined.every((loop) => doubleArea(loop) > 0)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('lets no curve cross itself', () => {
    const side = ([ax, ay]: Point, [bx, by]: Point, [x, y]: Point) =>
      Math.sign((bx - ax) * (y - ay) - (by - ay) * (x - ax));
    fc.assert(
      fc.property(masks, ({ mask, columns, rows }) => {
        for (const loop of joinHoles(traceContours(mask, columns, rows))) {
          const edges = loop.map((point, n) => [point, loop[(n + 1) % loop.length]!] as const);
          for (const [a, b] of edges)
            for (const [c, d] of edges)
              expect(side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0).toBe(false);
        }
      }),
      { examples: [[{ columns: 7, rows: 5, mask: crossing }]], numRuns: 50 },
    );
  });

  it('keeps the area of outlines less holes', () => {
    fc.assert(
      fc.property(masks, ({ mask, columns, rows }) => {
        const loops = traceContours(mask, columns, rows);
        const sum = (curves: readonly Loop[]) => curves.reduce((total, loop) => total + doubleArea(loop), 0);
        expect(sum(joinHoles(loops))).toBeCloseTo(sum(loops), 9);
      }),
    );
  });
});

describe('fillPolygons', () => {
  it('shares no pixel between polygons with a common edge, and leaves none out', () => {
    const coordinate = fc.double({ min: 0.5, max: 8.5, noNaN: true });
    fc.assert(
      fc.property(coordinate, coordinate, (a, b) => {
        // A line from top to bottom, on purpose sometimes through pixel centres, cuts a rectangle in two.
        const [top, bottom] = [Math.round(2 * a) / 2, Math.round(2 * b) / 2];
        const left = Float64Array.of(0, 0, top, 0, bottom, 9, 0, 9);
        const right = Float64Array.of(top, 0, 9, 0, 9, 9, bottom, 9);
        const [one, two] = [new Uint8Array(81), new Uint8Array(81)];
        fillPolygons(one, 9, 9, [left]);
        fillPolygons(two, 9, 9, [right]);
        expect(one.map((value, n) => value + two[n]!)).toEqual(new Uint8Array(81).fill(1));
      }),
    );
  });

  it('clips what lies beyond the image', () => {
    const mask = new Uint8Array(9);
    fillPolygons(mask, 3, 3, [Float64Array.of(-1e30, -1e30, 1e30, -1e30, 1e30, 1e30, -1e30, 1e30)]);
    expect(mask).toEqual(new Uint8Array(9).fill(1));
  });
});
