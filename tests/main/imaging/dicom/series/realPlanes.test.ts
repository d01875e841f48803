import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { VoxelArray } from '../../../../../ml/volume/volume.ts';
import type { Stored } from '../../../../../main/imaging/dicom/series/instance.ts';
import { RealPlanes } from '../../../../../main/imaging/dicom/series/realPlanes.ts';
import type { Scaling } from '../../../../../main/imaging/dicom/series/scaling.ts';

const linear = (slope: number, intercept: number): Scaling => ({ slope, intercept, table: undefined, unit: null });

/** The planes put in from the last to the first. */
function realValues(values: VoxelArray, scalings: readonly Scaling[], bitsStored = 16): VoxelArray {
  const size = values.length / scalings.length;
  const stored: Stored = {
    rows: 1,
    columns: size,
    samples: 1,
    kind: values instanceof Float64Array ? 'double' : 'integer',
    bitsAllocated: 16,
    bitsStored,
    signed: values instanceof Int16Array,
    photometric: 'MONOCHROME2',
  };
  const real = new RealPlanes({ size, count: scalings.length, stored: [stored], scalings, path: 'a' });
  for (const [plane, scaling] of [...scalings.entries()].reverse())
    real.put(plane, values.subarray(plane * size, (plane + 1) * size), stored, scaling);
  return real.data;
}

describe('RealPlanes', () => {
  it('are slope times stored plus intercept, plane by plane, exact where they stay integers', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ slope: fc.integer({ min: -50, max: 50 }), intercept: fc.integer({ min: -70_000, max: 70_000 }) }),
          { minLength: 1, maxLength: 4 },
        ),
        fc.infiniteStream(fc.integer({ min: -32_768, max: 32_767 })),
        (scalings, stream) => {
          const stored = Int16Array.from(stream.take(scalings.length * 3));
          const expected = Array.from(stored, (value, v) => {
            const { slope, intercept } = scalings[Math.floor(v / 3)]!;
            return slope * value + intercept;
          });
          const real = realValues(
            stored,
            scalings.map(({ slope, intercept }) => linear(slope, intercept)),
          );
          expect(Array.from(real)).toEqual(expected.map((value) => value + 0));
          expect(real).not.toBeInstanceOf(Float32Array);
        },
      ),
    );
  });

  it('of a CT are int16, in 12 bits as in 16', () => {
    const stored = Uint16Array.from([0, 24, 4095]);
    const expected = Int16Array.from([-1024, -1000, 3071]);
    expect(realValues(stored, [linear(1, -1024)], 12)).toEqual(expected);
    expect(realValues(stored, [linear(1, -1024)], 16)).toEqual(expected);
  });

  it('become wider where they do not fit, and float32 where a slope is a fraction', () => {
    expect(realValues(Uint16Array.from([0, 65_535]), [linear(1, -1024)])).toBeInstanceOf(Int32Array);
    const [dark, bright] = [linear(1, -1), linear(1, 0)];
    expect(realValues(Uint16Array.from([7, 8, 50_000, 9]), [bright, bright])).toBeInstanceOf(Uint16Array);
    expect(realValues(Uint16Array.from([7, 0, 50_000, 9]), [dark, dark])).toEqual(Int32Array.from([6, -1, 49_999, 8]));
    expect(realValues(Uint16Array.from([0, 65_535]), [linear(1, 0)])).toEqual(Uint16Array.from([0, 65_535]));
    expect(realValues(Uint16Array.from([3]), [linear(0.1, 0)])).toEqual(Float32Array.from([0.1 * 3]));
    expect(realValues(Float64Array.from([1 / 3]), [linear(3, 0)])).toEqual(Float64Array.from([1]));
  });
});
