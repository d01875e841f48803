import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cross, dot, length } from '../../../ml/volume/matrix.ts';
import {
  alignedPlanes,
  cutsIn,
  isOblique,
  turnOthers,
  viewAlong,
  type Planes,
} from '../../../renderer/slices/planes.ts';
import { alignedView, viewNames } from '../../../renderer/slices/view.ts';
import { grids } from '../../ml/volume/grids.ts';

const names = fc.constantFrom(...viewNames);
const turns = fc.array(fc.tuple(names, fc.double({ min: -3, max: 3, noNaN: true })), { maxLength: 5 });
const turnedBy = (planes: Planes, by: readonly (readonly [(typeof viewNames)[number], number])[]): Planes =>
  by.reduce((now, [name, radians]) => turnOthers(now, name, radians), planes);

describe('turnOthers', () => {
  it('leaves the plane itself, and all three at right angles to each other', () => {
    fc.assert(
      fc.property(grids(), turns, names, fc.double({ min: -3, max: 3, noNaN: true }), (grid, by, name, radians) => {
        const before = turnedBy(alignedPlanes(grid), by);
        const after = turnOthers(before, name, radians);
        expect(after[name]).toEqual(before[name]);
        for (const [one, other] of [
          ['axial', 'coronal'],
          ['axial', 'sagittal'],
          ['coronal', 'sagittal'],
        ] as const)
          expect(dot(after[one].through, after[other].through)).toBeCloseTo(0, 9);
        for (const { right, down, through } of Object.values(after)) {
          expect(Math.abs(dot(cross(right, down), through))).toBeCloseTo(1, 9);
          expect(length(right)).toBeCloseTo(1, 9);
        }
      }),
    );
  });

  it('turns the lines of the others clockwise on the screen by the angle', () => {
    fc.assert(
      fc.property(grids(), names, fc.double({ min: 0.01, max: 1.5, noNaN: true }), (grid, name, radians) => {
        const planes = alignedPlanes(grid);
        const before = cutsIn(planes, name);
        const after = cutsIn(turnOthers(planes, name, radians), name);
        for (const [n, [right, down]] of before.entries()) {
          const [turnedRight, turnedDown] = after[n]!;
          expect(turnedRight).toBeCloseTo(right * Math.cos(radians) - down * Math.sin(radians), 9);
          expect(turnedDown).toBeCloseTo(right * Math.sin(radians) + down * Math.cos(radians), 9);
        }
      }),
    );
  });
});

describe('cutsIn', () => {
  it('is one line across and one up and down while the planes run along the voxels', () => {
    fc.assert(
      fc.property(grids(), names, (grid, name) => {
        const cuts = cutsIn(alignedPlanes(grid), name).map(([right, down]) => [Math.abs(right), Math.abs(down)]);
        const across = cuts.find(([right]) => right! > 0.5);
        const upright = cuts.find(([, down]) => down! > 0.5);
        for (const [line, expected] of [
          [across, [1, 0]],
          [upright, [0, 1]],
        ] as const)
          expect(line!.map((value, n) => Math.abs(value - expected[n]!) < 1e-9)).toEqual([true, true]);
      }),
    );
  });
});

describe('viewAlong', () => {
  it('shows the voxels themselves until a plane is turned, and again when it was turned back', () => {
    fc.assert(
      fc.property(
        grids(),
        names,
        names,
        fc.double({ min: 0.05, max: 1.5, noNaN: true }),
        (grid, name, shown, radians) => {
          const straight = alignedPlanes(grid);
          const turned = turnOthers(straight, name, radians);
          const back = turnOthers(turned, name, -radians);
          expect(isOblique(grid, shown, turned[shown])).toBe(shown !== name);
          expect(viewAlong(grid, shown, straight[shown])).toEqual(alignedView(grid, shown));
          expect(viewAlong(grid, shown, back[shown])).toEqual(alignedView(grid, shown));
        },
      ),
    );
  });
});
