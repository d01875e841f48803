import { describe, expect, it } from 'vitest';
import { defaultAugmentation } from '../../../../ml/data/augmentation/settings.ts';
import type { Augmentation } from '../../../../ml/data/augmentation/settings.ts';
import { drawTransform } from '../../../../ml/data/augmentation/transform.ts';
import { stream } from '../../../../ml/random/stream.ts';
import { noAugmentation } from './noAugmentation.ts';

const always = (change: Partial<Augmentation>): Augmentation => ({ ...noAugmentation, ...change });
const draws = (settings: Augmentation, spacing: [number, number, number], patch: [number, number, number]) =>
  Array.from({ length: 200 }, (_, n) => drawTransform(settings, spacing, patch, stream(n, 'test'))!);

describe('drawTransform', () => {
  it('draws nothing where every probability is 0', () => {
    expect(drawTransform(noAugmentation, [1, 1, 1], [8, 8, 8], stream(0))).toBeUndefined();
  });

  it('rotates in millimetres: lengths stay, in voxels of any spacing', () => {
    const spacing = [2, 1, 1.5] as const;
    for (const { matrix } of draws(always({ rotation: { probability: 1, degrees: 30 } }), [...spacing], [8, 8, 8])) {
      for (const axis of [0, 1, 2] as const) {
        const column = [0, 1, 2].map((row) => matrix[3 * row + axis]! * spacing[row]!);
        expect(Math.hypot(...column)).toBeCloseTo(spacing[axis], 9);
      }
    }
  });

  it('zooms within the fraction, alike along all axes', () => {
    const zooms = draws(always({ zoom: { probability: 1, fraction: 0.2 } }), [1, 1, 1], [8, 8, 8]).map(({ matrix }) => {
      expect([matrix[4], matrix[8]]).toEqual([matrix[0], matrix[0]]);
      return 1 / matrix[0];
    });
    expect(Math.min(...zooms)).toBeGreaterThanOrEqual(0.8);
    expect(Math.max(...zooms)).toBeLessThanOrEqual(1.2);
    expect(Math.max(...zooms) - Math.min(...zooms)).toBeGreaterThan(0.35);
  });

  it('shifts by up to the fraction of the patch', () => {
    for (const { shift } of draws(always({ shift: { probability: 1, fraction: 0.25 } }), [1, 1, 1], [8, 16, 40])) {
      expect(Math.abs(shift[0])).toBeLessThanOrEqual(2);
      expect(Math.abs(shift[1])).toBeLessThanOrEqual(4);
      expect(Math.abs(shift[2])).toBeLessThanOrEqual(10);
    }
  });

  it.each([
    ['pictures', [1, 1, 1], [1, 32, 32]],
    ['thick slices', [5, 1, 1], [16, 32, 32]],
  ] as const)('leaves slices alone in %s', (_, spacing, patch) => {
    const all = {
      ...defaultAugmentation,
      rotation: { probability: 1, degrees: 30 },
      shear: { probability: 1, fraction: 0.1 },
    };
    for (const { matrix, shift } of draws(all, [...spacing], [...patch])) {
      expect([matrix[0], matrix[1], matrix[2], matrix[3], matrix[6], shift[0]]).toEqual([1, 0, 0, 0, 0, 0]);
      expect(matrix[5]).not.toBe(0);
    }
  });

  it('never mirrors by default, and half of the time along an axis that is allowed', () => {
    const determinants = (settings: Augmentation) =>
      Array.from({ length: 400 }, (_, n) => {
        const transform = drawTransform(settings, [1, 1, 1], [8, 8, 8], stream(n, 'mirror'));
        if (!transform) return 1;
        const [a, b, c, d, e, f, g, h, i] = transform.matrix;
        return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
      });
    expect(Math.min(...determinants(defaultAugmentation))).toBeGreaterThan(0);
    const mirrored = determinants(always({ mirror: ['i'] })).filter((determinant) => determinant < 0).length;
    expect(Math.abs(mirrored - 200)).toBeLessThan(50);
  });
});
