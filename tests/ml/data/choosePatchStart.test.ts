import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseForegroundVoxel, choosePatchStart } from '../../../ml/data/choosePatchStart.ts';
import { sampleLocations } from '../../../ml/data/sampleLocations.ts';
import { stream } from '../../../ml/random/stream.ts';
import type { Vector3 } from '../../../ml/volume/grid.ts';

const vectors = (max: number) =>
  fc.tuple(...([0, 1, 2] as const).map(() => fc.integer({ min: 1, max }))) as fc.Arbitrary<[number, number, number]>;

describe('choosePatchStart', () => {
  it('keeps the patch inside along long axes, the volume inside the patch along short ones, and the chosen voxel in both', () => {
    fc.assert(
      fc.property(vectors(40), vectors(40), fc.nat(), (shape, patch, seed) => {
        const rng = stream(seed, 'test');
        const centre: Vector3 = [rng.integer(shape[0]), rng.integer(shape[1]), rng.integer(shape[2])];
        for (const around of [centre, undefined]) {
          const start = choosePatchStart(shape, patch, around, rng);
          for (const axis of [0, 1, 2] as const) {
            const end = start[axis] + patch[axis];
            if (patch[axis] <= shape[axis]) expect(start[axis] >= 0 && end <= shape[axis]).toBe(true);
            else
              expect(start[axis] <= 0 && end >= shape[axis] && Math.abs(start[axis] + end - shape[axis]) <= 1).toBe(
                true,
              );
            if (around) expect(centre[axis] >= start[axis] && centre[axis] < end).toBe(true);
          }
        }
      }),
    );
  });

  it('reaches every place alike', () => {
    const rng = stream(0, 'test');
    const counts = [0, 0, 0, 0];
    for (let n = 0; n < 4000; n++) counts[choosePatchStart([7, 1, 1], [4, 1, 1], undefined, rng)[0]]!++;
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });
});

describe('chooseForegroundVoxel', () => {
  it('draws a rare structure as often as a common one, and only its own voxels', () => {
    const shape: Vector3 = [4, 5, 6];
    const label = new Uint8Array(120);
    label.fill(1, 10, 90);
    label[100] = 3;
    const rng = stream(1, 'test');
    const locations = sampleLocations(label, 4);
    let rare = 0;
    for (let n = 0; n < 2000; n++) {
      const [k, j, i] = chooseForegroundVoxel(shape, locations, rng)!;
      const value = label[(k * 5 + j) * 6 + i];
      expect(value).not.toBe(0);
      if (value === 3) rare++;
    }
    expect(Math.abs(rare - 1000)).toBeLessThan(100);
  });

  it('finds nothing in an empty label', () => {
    expect(chooseForegroundVoxel([1, 1, 3], sampleLocations(new Uint8Array(3), 2), stream(0))).toBeUndefined();
  });
});

describe('sampleLocations', () => {
  it('keeps all voxels of a small structure, and at most 10 000 of a large one, from end to end', () => {
    const label = new Uint8Array(30_000).fill(2);
    label[5] = 1;
    const [background, small, large] = sampleLocations(label, 3);
    expect(background).toHaveLength(0);
    expect([...small!]).toEqual([5]);
    expect(large!.length).toBe(10_000);
    expect(large!.at(-1)).toBeGreaterThan(29_990);
    expect([...large!].every((index) => label[index] === 2)).toBe(true);
  });
});
