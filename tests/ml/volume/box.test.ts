import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boxAround, eachRow } from '../../../ml/volume/box.ts';
import type { Vector3 } from '../../../ml/volume/grid.ts';

const shape: Vector3 = [5, 4, 3];
const volumes = fc.uint8Array({ min: 0, max: 8, minLength: 60, maxLength: 60 });
const placeOf = (n: number) => [n % 5, Math.floor(n / 5) % 4, Math.floor(n / 20)] as const;

describe('boxAround', () => {
  it('is the smallest box around a value, with a margin that ends at the edge of the volume', () => {
    fc.assert(
      fc.property(volumes, fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2)), (data, margin) => {
        const places = Array.from(data.keys())
          .filter((n) => data[n] === 3)
          .map(placeOf);
        const box = boxAround(data, shape, 3, margin);
        expect(box === undefined).toBe(places.length === 0);
        for (const axis of places.length === 0 ? [] : ([0, 1, 2] as const)) {
          const along = places.map((place) => place[axis]);
          const from = Math.max(0, Math.min(...along) - margin[axis]);
          expect(box?.from[axis]).toBe(from);
          expect(box?.shape[axis]).toBe(Math.min(shape[axis] - 1, Math.max(...along) + margin[axis]) - from + 1);
        }
      }),
    );
  });
});

describe('eachRow', () => {
  it('visits every row of the box once, in the volume and in the box', () => {
    const rows: [number, number][] = [];
    eachRow({ from: [1, 2, 1], shape: [3, 2, 2] }, shape, (inVolume, inBox) => rows.push([inVolume, inBox]));
    expect(rows).toEqual([
      [31, 0],
      [36, 3],
      [51, 6],
      [56, 9],
    ]);
  });
});
