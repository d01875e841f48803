import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Grid } from '../../../ml/volume/grid.ts';
import { transform } from '../../../ml/volume/matrix.ts';
import { worldPoint } from '../../../ml/volume/space.ts';
import { formatMeasurement, measureAngle, measureArea, measureLength } from '../../../renderer/measurements/measure.ts';
import { probe } from '../../../renderer/measurements/probe.ts';
import { rotation } from '../../ml/volume/grids.ts';

const known: Grid = {
  shape: [2, 2, 1],
  spacing: [0.5, 0.5, 1],
  unit: 'mm',
  origin: [0, 0, 0],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};
const unknown: Grid = { ...known, spacing: [1, 1, 1], unit: 'voxel' };
const angles = fc.tuple(...[0, 1, 2].map(() => fc.double({ min: -3, max: 3, noNaN: true })));
const turned = ([a, b, c]: number[], x: number, y: number) =>
  worldPoint(...transform(rotation(a!, b!, c!), [x, y, 17]));

describe('measurements', () => {
  it('are those of school geometry however the plane lies', () => {
    fc.assert(
      fc.property(angles, (plane) => {
        const at = (x: number, y: number) => turned(plane, x, y);
        expect(measureLength(known, at(1, 2), at(4, 6)).value).toBeCloseTo(5, 9);
        expect(measureAngle(known, at(5, 0), at(0, 0), at(3, 3))?.value).toBeCloseTo(45, 9);
        expect(measureAngle(known, at(5, 0), at(0, 0), at(-3, 0))?.value).toBeCloseTo(180, 9);
        // Not convex: a square of 4 with a notch of a triangle of area 4.
        const notched = [at(0, 0), at(4, 0), at(2, 2), at(4, 4), at(0, 4)];
        expect(measureArea(known, notched).value).toBeCloseTo(12, 9);
        expect(measureArea(known, notched.toReversed()).value).toBeCloseTo(12, 9);
      }),
    );
  });

  it('say millimetres only where sizes are known', () => {
    const [a, b, c] = [worldPoint(0, 0, 0), worldPoint(3, 4, 0), worldPoint(3, 0, 0)];
    expect(formatMeasurement(measureLength(known, a, b))).toBe('5.0 mm');
    expect(formatMeasurement(measureLength(unknown, a, b))).toBe('5.0 voxels');
    expect(formatMeasurement(measureArea(known, [a, b, c]))).toBe('6.0 mm²');
    expect(formatMeasurement(measureArea(unknown, [a, b, c]))).toBe('6.0 voxels²');
    expect(formatMeasurement(measureAngle(known, a, c, b)!)).toBe('90.0°');
    // Voxels of unknown shape may not be square.
    expect(measureAngle(unknown, a, c, b)).toBeUndefined();
  });

  it('have no angle at an arm without length, and no area below three corners', () => {
    const point = worldPoint(1, 1, 1);
    expect(measureAngle(known, point, point, worldPoint(0, 0, 0))).toBeUndefined();
    expect(measureArea(known, []).value).toBe(0);
    expect(measureArea(known, [point, worldPoint(2, 2, 2)]).value).toBe(0);
  });
});

describe('probe', () => {
  const volume = { grid: known, channels: 4, data: Float32Array.from({ length: 16 }, (_, n) => n) };

  it('tells the value of the voxel under a place', () => {
    expect(probe(volume, worldPoint(0.6, 0.2, 0))).toEqual([1]);
    expect(probe(volume, worldPoint(0, 0.5, 0.4), 1, 3)).toEqual([6, 10, 14]);
  });

  it('tells nothing outside', () => {
    expect(probe(volume, worldPoint(0.8, 0, 0))).toBeUndefined();
    expect(probe(volume, worldPoint(0, 0, -0.6))).toBeUndefined();
  });
});
