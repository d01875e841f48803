import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eachVoxel, voxelMap } from '../../../ml/volume/voxelMap.ts';
import type { Grid, Vector3 } from '../../../ml/volume/grid.ts';
import { indexPoint, indexToWorld } from '../../../ml/volume/space.ts';
import { matrix3, vector3 } from '../../support/tuples.ts';
import { grids } from '../../main/imaging/dicom/seg/made.ts';

/** A box of voxels of a grid, with its axes in another order and direction. */
const parts = fc
  .tuple(
    grids,
    fc.constantFrom([0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]),
    fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
    fc.tuple(fc.integer({ min: -2, max: 2 }), fc.integer({ min: -2, max: 2 }), fc.integer({ min: -2, max: 2 })),
    fc.tuple(fc.integer({ min: 2, max: 6 }), fc.integer({ min: 2, max: 6 }), fc.integer({ min: 2, max: 6 })),
  )
  .map(([whole, order, flips, start, shape]) => {
    const first = start.map((from, axis) => (flips[axis] ? from + shape[axis]! - 1 : from)) as [number, number, number];
    const pick = (values: readonly number[]) => vector3(order.map((axis) => values[axis]!));
    const direction = matrix3(
      [0, 1, 2].flatMap((row) => order.map((axis) => (flips[axis] ? -1 : 1) * whole.direction[3 * row + axis]!)),
    );
    const part: Grid = {
      shape: pick(shape),
      spacing: pick(whole.spacing),
      unit: 'mm',
      origin: indexToWorld(whole, indexPoint(...first)),
      direction,
    };
    return { whole, part };
  });

const place = ({ shape: [ni, nj] }: Grid, index: number) =>
  indexPoint(index % ni, Math.floor(index / ni) % nj, Math.floor(index / (ni * nj)));

describe('voxels of a part of a grid', () => {
  it('are found where they lie, in every order of axes, and beyond the grid not at all', () => {
    fc.assert(
      fc.property(parts, ({ whole, part }) => {
        const map = voxelMap(part, whole);
        expect(map).toBeDefined();
        eachVoxel(map!, part, whole, (from, to) => {
          if (to < 0) return;
          const [a, b] = [indexToWorld(part, place(part, from)), indexToWorld(whole, place(whole, to))];
          expect(Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])).toBeLessThan(1e-6);
        });
      }),
    );
  });

  it('are none of the grid where they are moved by a part of a voxel, larger, or turned', () => {
    fc.assert(
      fc.property(parts, ({ whole, part }) => {
        const [x, y, z] = part.origin;
        const aside: Vector3 = [x + 0.4 * part.spacing[0] * part.direction[0], y + 0.4 * part.spacing[0] * part.direction[3], z + 0.4 * part.spacing[0] * part.direction[6]]; // prettier-ignore
        expect(voxelMap({ ...part, origin: aside }, whole)).toBeUndefined();
        expect(voxelMap({ ...part, spacing: [1.3 * part.spacing[0], part.spacing[1], part.spacing[2]] }, whole)).toBeUndefined();
        expect(voxelMap({ ...part, unit: 'voxel' }, whole)).toBeUndefined();
      }),
    );
  }); // prettier-ignore
});
