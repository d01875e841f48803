import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placePatch, resamplePatch, sourceBox } from '../../../../ml/data/augmentation/resamplePatch.ts';
import type { Transform } from '../../../../ml/data/augmentation/transform.ts';
import type { Matrix3, Vector3 } from '../../../../ml/volume/grid.ts';
import { stream } from '../../../../ml/random/stream.ts';
import { ballCase, readBox } from '../arrayCases.ts';
import type { ArrayCase } from '../arrayCases.ts';

const identity: Matrix3 = [1, 0, 0, 0, 1, 0, 0, 0, 1];

function take(source: ArrayCase, transform: Transform, start: Vector3, patch: Vector3) {
  const placement = placePatch(transform, start, patch);
  const box = sourceBox(placement, patch, source.shape);
  return resamplePatch(placement, patch, box, readBox(source, box));
}

/** Linear interpolation with zeros outside, from its definition: a sum over all voxels of the volume. */
function linearAt({ shape, image }: ArrayCase, place: Vector3): number {
  let sum = 0;
  for (let v = 0; v < image.length; v++) {
    const voxel = [Math.floor(v / (shape[1] * shape[2])), Math.floor(v / shape[2]) % shape[1], v % shape[2]];
    const weights = voxel.map((index, axis) => Math.max(0, 1 - Math.abs(place[axis]! - index)));
    sum += image[v]! * weights[0]! * weights[1]! * weights[2]!;
  }
  return sum;
}

const entries = fc.double({ min: -1.5, max: 1.5, noNaN: true });
const matrices: fc.Arbitrary<Matrix3> = fc.tuple(
  entries,
  entries,
  entries,
  entries,
  entries,
  entries,
  entries,
  entries,
  entries,
);
const shifts = fc.tuple(entries, entries, entries);
const sizes = fc.tuple(...([0, 1, 2] as const).map(() => fc.integer({ min: 1, max: 6 }))) as fc.Arbitrary<
  [number, number, number]
>;

function randomCase(shape: Vector3, seed: number): ArrayCase {
  const rng = stream(seed, 'case');
  const image = Float32Array.from({ length: shape[0] * shape[1] * shape[2] }, () => rng.normal());
  return { shape, image, label: Uint8Array.from(image, () => rng.integer(4)) };
}

describe('resamplePatch', () => {
  it('equals the definition of linear interpolation, also outside the volume', () => {
    fc.assert(
      fc.property(sizes, sizes, matrices, shifts, fc.nat(), (shape, patch, matrix, shift, seed) => {
        const source = randomCase(shape, seed);
        const start: Vector3 = [0, -1, 1];
        const { origin, columns } = placePatch({ matrix, shift }, start, patch);
        const { image } = take(source, { matrix, shift }, start, patch);
        image.forEach((value, n) => {
          const index = [Math.floor(n / (patch[1] * patch[2])), Math.floor(n / patch[2]) % patch[1], n % patch[2]];
          const along = (axis: 0 | 1 | 2) =>
            origin[axis] + columns.reduce((sum, column, m) => sum + column[axis] * index[m]!, 0);
          expect(value).toBeCloseTo(linearAt(source, [along(0), along(1), along(2)]), 5);
        });
      }),
    );
  });

  it('gives a label the class that interpolated one-hot classes would', () => {
    fc.assert(
      fc.property(sizes, sizes, matrices, shifts, fc.nat(), (shape, patch, matrix, shift, seed) => {
        const source = randomCase(shape, seed);
        const transform = { matrix, shift };
        const { label } = take(source, transform, [0, 0, 0], patch);
        const shares = [1, 2, 3].map((value) => {
          const image = Float32Array.from(source.label, (own) => Number(own === value));
          return take({ ...source, image }, transform, [0, 0, 0], patch).image;
        });
        label.forEach((value, n) => {
          const all = [1 - shares.reduce((sum, share) => sum + share[n]!, 0), ...shares.map((share) => share[n]!)];
          expect(all[value]).toBeGreaterThanOrEqual(Math.max(...all) - 1e-5);
        });
      }),
    );
  });

  it('keeps an image and a label that are the same the same, but for voxels at a border', () => {
    const source = ballCase([20, 24, 22]);
    const angle = 0.4;
    const turned: Matrix3 = [1, 0, 0, 0, Math.cos(angle), -Math.sin(angle), 0, Math.sin(angle), Math.cos(angle)];
    const { image, label } = take(source, { matrix: turned, shift: [1.3, -0.7, 2.2] }, [0, 0, 0], [20, 24, 22]);
    const whole = [...image.keys()].filter((n) => Number.isInteger(image[n]));
    expect(whole.filter((n) => label[n] !== image[n])).toEqual([]);
    expect(whole.filter((n) => image[n]! > 0).length).toBeGreaterThan(200);
  });

  it('moves a structure to where the transform says, to a fiftieth of a voxel', () => {
    const source = ballCase([30, 30, 30]);
    const centre = ({ image }: { image: Float32Array }) => {
      const sums = [0, 0, 0, 0];
      image.forEach((value, n) => {
        [1, Math.floor(n / 900), Math.floor(n / 30) % 30, n % 30].forEach((place, m) => (sums[m]! += value * place));
      });
      return [1, 2, 3].map((axis) => sums[axis]! / sums[0]!);
    };
    const before = centre(source);
    const angle = 0.3;
    const matrix: Matrix3 = [Math.cos(angle), 0, Math.sin(angle), 0, 1, 0, -Math.sin(angle), 0, Math.cos(angle)];
    const shift: Vector3 = [2, -1.5, 0.5];
    const after = centre(take(source, { matrix, shift }, [0, 0, 0], [30, 30, 30]));
    // source = R (p - c) + c + shift, so the structure goes to p = R^T (source - c - shift) + c.
    const [k, j, i] = before.map((place, axis) => place - 14.5 - shift[axis]!) as [number, number, number];
    const expected = [
      Math.cos(angle) * k - Math.sin(angle) * i + 14.5,
      j + 14.5,
      Math.sin(angle) * k + Math.cos(angle) * i + 14.5,
    ];
    expected.forEach((place, axis) => {
      expect(Math.abs(after[axis]! - place)).toBeLessThan(0.02);
    });
  });

  it('mirrors exactly, and back', () => {
    const source = randomCase([3, 5, 4], 7);
    const mirror: Transform = { matrix: [1, 0, 0, 0, 1, 0, 0, 0, -1], shift: [0, 0, 0] };
    const once = take(source, mirror, [0, 0, 0], [3, 5, 4]);
    expect([...once.image.subarray(0, 4)]).toEqual([...source.image.subarray(0, 4)].reverse());
    const twice = take({ shape: source.shape, ...once }, mirror, [0, 0, 0], [3, 5, 4]);
    expect(twice).toEqual({ image: source.image, label: source.label });
  });

  it('reads one slice and its neighbour only for a patch of one slice', () => {
    const placement = placePatch({ matrix: identity, shift: [0, 0.5, 0.5] }, [4, 2, 2], [1, 8, 8]);
    expect(sourceBox(placement, [1, 8, 8], [20, 20, 20])).toEqual({ start: [4, 2, 2], size: [2, 9, 9] });
  });
});
