import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readImage } from '../../../main/imaging/image.ts';
import type { Grid } from '../../../ml/volume/grid.ts';
import { column, cross, dot, length } from '../../../ml/volume/matrix.ts';
import { corners, indexPoint, indexToWorld, worldToIndex } from '../../../ml/volume/space.ts';
import type { Volume } from '../../../ml/volume/volume.ts';
import { rowBuffer, samplePlane } from '../../../renderer/slices/sample.ts';
import { acquiredView, alignedView, obliqueView, sliceGrid, turnPlane } from '../../../renderer/slices/view.ts';
import { sharedData } from '../../support/data.ts';
import { runPython } from '../../support/python.ts';
import { grids } from '../../ml/volume/grids.ts';

const names = ['axial', 'coronal', 'sagittal'] as const;
const shared = sharedData();
const folder =
  shared === undefined
    ? join(import.meta.dirname, '../../data/nifti/orientations')
    : join(shared, 'nifti-edge/orientations');
// One head in other axis orders and flips.
const files = readdirSync(folder).map((name) => join(folder, name));

/** The middle slice of a view, one value a pixel. */
function middleSlice(volume: Volume, name: (typeof names)[number]): number[] {
  const view = alignedView(volume.grid, name);
  const [width, height, slices] = view.shape;
  const values = new Float32Array(width * height);
  const slice = sliceGrid(view, Math.floor(slices / 2));
  samplePlane(volume, 0, slice, 'nearest', rowBuffer(width), values, NaN);
  return Array.from(values);
}

describe('alignedView', () => {
  it('shows patient right on the left, anterior or superior at the top, and anterior on the left of sagittal slices', () => {
    fc.assert(
      fc.property(grids(), (grid) => {
        const component = (name: (typeof names)[number], side: 0 | 1 | 2, patient: 0 | 1 | 2) =>
          column(alignedView(grid, name).direction, side)[patient];
        // The sum over the three axes is the best of all assignments, so it exceeds that of the opposite picture.
        const fit = component('axial', 0, 0) + component('axial', 1, 1) + component('axial', 2, 2);
        expect(fit).toBeGreaterThan(1);
        expect(alignedView(grid, 'coronal').direction[0]).toBeCloseTo(component('axial', 0, 0), 12);
        expect(component('coronal', 1, 2)).toBeCloseTo(-component('axial', 2, 2), 12);
        expect(component('sagittal', 0, 1)).toBeCloseTo(component('axial', 1, 1), 12);
        expect(component('sagittal', 1, 2)).toBeCloseTo(-component('axial', 2, 2), 12);
      }),
    );
  });

  it('has a voxel of the volume at every pixel of every slice, each once', () => {
    fc.assert(
      fc.property(grids(4), fc.constantFrom(...names), (grid, name) => {
        const view = alignedView(grid, name);
        const seen = new Set<string>();
        for (let n = 0; n < view.shape[0] * view.shape[1] * view.shape[2]; n++) {
          const [i, row] = [n % view.shape[0], Math.floor(n / view.shape[0])];
          const pixel = indexPoint(i, row % view.shape[1], Math.floor(row / view.shape[1]));
          const voxel = worldToIndex(grid, indexToWorld(view, pixel));
          for (const index of voxel) expect(Math.abs(index - Math.round(index))).toBeLessThan(1e-6);
          seen.add(voxel.map((index) => Math.abs(Math.round(index))).join());
        }
        expect(seen.size).toBe(grid.shape[0] * grid.shape[1] * grid.shape[2]);
      }),
    );
  });

  it('shows one head stored in many axis orders as one picture', async () => {
    const volumes = await Promise.all(files.map(async (file) => (await readImage(file)).volume));
    expect(volumes.length).toBeGreaterThan(2);
    for (const name of names) {
      const [first, ...others] = volumes.map((volume) => middleSlice(volume, name));
      expect(Math.max(...first!)).toBeGreaterThan(0);
      for (const other of others) expect(other).toEqual(first);
    }
  });

  it('shows what SimpleITK has when it turns the image to LPS', async () => {
    const file = files.find((path) => path.endsWith('PRI.nii.gz'))!;
    const { volume } = await readImage(file);
    const script = `
import sys, json, SimpleITK as sitk, numpy as np
a = sitk.GetArrayFromImage(sitk.DICOMOrient(sitk.ReadImage(sys.argv[1]), 'LPS')).astype(float)
z, y, x = [n // 2 for n in a.shape]
print(json.dumps([p.ravel().tolist() for p in (a[z], a[::-1, y], a[::-1, :, x])]))`;
    const expected = await runPython<number[][]>(script, [file]);
    expect(names.map((name) => middleSlice(volume, name))).toEqual(expected);
  });
});

const straight: Grid = {
  shape: [30, 20, 10],
  spacing: [1, 1, 3],
  unit: 'mm',
  origin: [5, -7, 11],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};

describe('acquiredView', () => {
  it('is across clearly thick slices, across the only slice whatever its spacing, and else axial', () => {
    expect(acquiredView(straight)).toBe('axial');
    expect(acquiredView({ ...straight, direction: [1, 0, 0, 0, 0, 1, 0, -1, 0] })).toBe('coronal');
    expect(acquiredView({ ...straight, shape: [1, 20, 10] })).toBe('sagittal');
    for (const spacing of [
      [1, 1, 1],
      [1, 1.4, 1],
      [5, 5, 2.5],
    ] as const)
      expect(acquiredView({ ...straight, spacing })).toBe('axial');
  });
});

describe('obliqueView', () => {
  const planes = fc
    .tuple(
      fc.double({ min: -3, max: 3, noNaN: true }),
      fc.constantFrom(...[0, 1, 2]),
      fc.double({ min: -3, max: 3, noNaN: true }),
    )
    .map(([angle, axis, second]) => {
      const unit = (n: number) => [n === 0 ? 1 : 0, n === 1 ? 1 : 0, n === 2 ? 1 : 0] as const;
      const once = turnPlane({ right: [1, 0, 0], down: [0, 1, 0], through: [0, 0, 1] }, unit(axis), angle);
      return turnPlane(once, unit((axis + 1) % 3), second);
    });

  it('holds every voxel of the volume, with square pixels of its smallest spacing', () => {
    fc.assert(
      fc.property(grids(), planes, (grid, plane) => {
        const view = obliqueView(grid, plane);
        expect(new Set(view.spacing)).toEqual(new Set([Math.min(...grid.spacing)]));
        for (const corner of corners(grid)) {
          for (const [axis, index] of worldToIndex(view, corner).entries()) {
            expect(index).toBeGreaterThan(-1e-5);
            expect(index).toBeLessThan(view.shape[axis]! - 1 + 1e-5);
          }
        }
      }),
    );
  });

  it('runs right and down as its plane does, and through it at right angles', () => {
    fc.assert(
      fc.property(planes, (plane) => {
        const { direction } = obliqueView(straight, plane);
        expect(column(direction, 0)).toEqual(plane.right);
        expect(column(direction, 1)).toEqual(plane.down);
        expect(column(direction, 2)).toEqual(plane.through);
        expect(length(cross(plane.right, plane.down))).toBeCloseTo(1, 12);
        expect(dot(plane.right, plane.down)).toBeCloseTo(0, 12);
      }),
    );
  });

  it('turns right-handed: right becomes down after a quarter about superior', () => {
    const turned = turnPlane({ right: [1, 0, 0], down: [0, 1, 0], through: [0, 0, 1] }, [0, 0, 1], Math.PI / 2);
    for (const axis of [0, 1, 2] as const) {
      expect(turned.right[axis]).toBeCloseTo([0, 1, 0][axis]!, 12);
      expect(turned.down[axis]).toBeCloseTo([-1, 0, 0][axis]!, 12);
    }
  });
});
