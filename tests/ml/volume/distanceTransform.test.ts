import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { squaredDistance } from '../../../ml/volume/distanceTransform.ts';
import type { Vector3 } from '../../../ml/volume/grid.ts';

const shapes = fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 7 }));
const step = fc.double({ min: 0.1, max: 10, noNaN: true });

const scenes = shapes.chain((shape) => {
  const length = shape[0] * shape[1] * shape[2];
  return fc.record({
    shape: fc.constant(shape),
    spacing: fc.tuple(step, step, step),
    sources: fc
      .array(fc.constantFrom(0, 0, 0, 0, 1), { minLength: length, maxLength: length })
      .map((values) => Uint8Array.from(values)),
  });
});

function bruteForce(sources: Uint8Array, [width, height]: Vector3, spacing: Vector3): number[] {
  const place = (v: number) => [v % width, Math.floor(v / width) % height, Math.floor(v / (width * height))] as const;
  const found = [...sources.keys()].filter((v) => sources[v] === 1).map(place);
  return [...sources.keys()].map((v) =>
    Math.min(...found.map((source) => place(v).reduce((sum, p, a) => sum + ((p - source[a]!) * spacing[a]!) ** 2, 0))),
  );
}

describe('squaredDistance', () => {
  it('is the distance to the nearest source, by trying all of them', () => {
    fc.assert(
      fc.property(scenes, ({ sources, shape, spacing }) => {
        const expected = bruteForce(sources, shape, spacing);
        squaredDistance(sources, shape, spacing).forEach((distance, v) => {
          if (expected[v] === Infinity) expect(distance).toBe(Infinity);
          else expect(Math.abs(distance - expected[v]!)).toBeLessThanOrEqual(1e-12 * expected[v]!);
        });
      }),
      { numRuns: 300 },
    );
  });

  it('refuses sources that do not fill their shape', () => {
    expect(() => squaredDistance(new Uint8Array(7), [2, 2, 2], [1, 1, 1])).toThrow('invariant');
  });
});
