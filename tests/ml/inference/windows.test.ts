import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addWindow, gaussianWeights, readWindow, windowStarts } from '../../../ml/inference/windows.ts';

const side = fc.integer({ min: 1, max: 20 });
const sizes = fc.tuple(side, side, side);

describe('windowStarts', () => {
  it('covers every voxel, keeps inside where the volume is larger, and centres where it is smaller', () => {
    fc.assert(
      fc.property(sizes, sizes, (shape, patch) => {
        const starts = windowStarts(shape, patch);
        for (const axis of [0, 1, 2]) {
          const extent = shape[axis]!;
          const window = patch[axis]!;
          const along = [...new Set(starts.map((start) => start[axis]!))].toSorted((a, b) => a - b);
          if (extent <= window) {
            expect(along).toEqual([0 - Math.floor((window - extent) / 2)]);
            continue;
          }
          expect([along[0], along.at(-1)]).toEqual([0, extent - window]);
          for (const [i, start] of along.slice(1).entries())
            expect(start - along[i]!).toBeLessThanOrEqual(Math.ceil(window / 2));
        }
        expect(new Set(starts.map(String)).size).toBe(starts.length);
      }),
    );
  });

  it('is one window where the volume is the patch', () => {
    expect(windowStarts([8, 6, 4], [8, 6, 4])).toEqual([[0, 0, 0]]);
  });
});

describe('gaussianWeights', () => {
  it('are positive, symmetric and largest in the middle', () => {
    fc.assert(
      fc.property(sizes, (patch) => {
        const weights = gaussianWeights(patch);
        expect(weights).toHaveLength(patch[0] * patch[1] * patch[2]);
        expect(weights.every((weight) => weight > 0)).toBe(true);
        expect(weights.toReversed()).toEqual(weights);
        const [k, j, i] = patch.map((extent) => extent >> 1);
        expect(weights[(k! * patch[1] + j!) * patch[2] + i!]).toBe(Math.max(...weights));
      }),
    );
  });

  it('have a deviation of an eighth of the patch', () => {
    const weights = gaussianWeights([1, 1, 17]);
    expect(weights[10]! / weights[8]!).toBeCloseTo(Math.exp(-0.5 * (2 / (17 / 8)) ** 2), 6);
  });
});

describe('readWindow and addWindow', () => {
  it('agree on the places of a window: what is read is added back where it was', () => {
    fc.assert(
      fc.property(sizes, sizes, fc.integer({ min: 1, max: 3 }), (shape, patch, channels) => {
        const voxels = shape[0] * shape[1] * shape[2];
        const volume = Float32Array.from({ length: channels * voxels }, (_, i) => i + 1);
        const size = patch[0] * patch[1] * patch[2];
        for (const start of windowStarts(shape, patch)) {
          const window = readWindow(volume, shape, patch, start);
          const back = new Float32Array(volume.length);
          addWindow(back, shape, window, patch, start, new Float32Array(size).fill(1));
          const expected = volume.map((value, at) => {
            const rest = at % voxels;
            const place = [
              Math.floor(rest / (shape[1] * shape[2])),
              Math.floor(rest / shape[2]) % shape[1],
              rest % shape[2],
            ];
            return place.every((p, axis) => p >= start[axis]! && p < start[axis]! + patch[axis]!) ? value : 0;
          });
          expect(back).toEqual(expected);
        }
      }),
      { numRuns: 6 },
    );
  });
});
