import { describe, expect, it } from 'vitest';
import type { Grid } from '../../../ml/volume/grid.ts';
import { indexPoint, indexToWorld } from '../../../ml/volume/space.ts';
import { resample } from '../../../ml/volume/resample.ts';
import type { Volume } from '../../../ml/volume/volume.ts';
import { colourRamp, packColour } from '../../../renderer/slices/colour.ts';
import { fillLabelTable } from '../../../renderer/slices/labelColours.ts';
import { type Layer, paintBuffers, paintSlice } from '../../../renderer/slices/paint.ts';
import { emptyTable, fillTable } from '../../../renderer/slices/shading.ts';
import { alignedView, obliqueView, sliceGrid, turnPlane } from '../../../renderer/slices/view.ts';

const grid: Grid = {
  shape: [9, 7, 5],
  spacing: [1, 1.5, 4],
  unit: 'mm',
  origin: [10, -20, 30],
  direction: [-1, 0, 0, 0, 1, 0, 0, 0, 1],
};
const size = 9 * 7 * 5;
// Primes: no two voxels have the same value, so that no flip or shift can hide.
const image: Volume<Int16Array> = {
  grid,
  channels: 1,
  data: Int16Array.from({ length: size }, (_, n) => (n * 37) % 509),
};
const ramp = colourRamp('grey');
const inverted = colourRamp('inverted grey');
const grey = { low: 0, high: 508, ramp };

function painted(target: Grid, layers: readonly Layer[]): Uint32Array {
  const buffers = paintBuffers(target.shape[0], target.shape[1]);
  // What was painted before must not shine through.
  buffers.pixels.fill(0xffffffff);
  paintSlice(target, layers, buffers);
  return buffers.pixels;
}

function greyTable(): Layer {
  const table = emptyTable(image.data);
  fillTable(table, image.data, grey);
  return { kind: 'table', volume: image, channel: 0, table };
}
const greyValues: Extract<Layer, { kind: 'values' }> = {
  kind: 'values',
  volume: image,
  channel: 0,
  shading: grey,
  interpolation: 'linear',
};
const slab = (projection: 'maximum' | 'minimum' | 'mean', thickness: number): Layer => ({
  ...greyValues,
  slab: { projection, thickness },
});

const value = (i: number, j: number, k: number) => image.data[(k * 7 + j) * 9 + i]!;
const greyOf = (level: number) => ramp[Math.round((level / 508) * 255)]!;
const axial = alignedView(grid, 'axial');
/** A slice in 10 by 15 pixels a voxel. */
const fine = (slice: number): Grid => ({
  ...sliceGrid(axial, slice),
  shape: [90, 105, 1],
  spacing: [0.1, 0.1, 4],
  origin: indexToWorld(axial, indexPoint(-0.45, -0.5 + 0.5 / 15, slice)),
});

describe('paintSlice', () => {
  it('shows the voxels of a slice, patient right on the left', () => {
    const pixels = painted(sliceGrid(axial, 3), [greyTable()]);
    // The first index runs to the patient's right, so it is seen from its end.
    const expected = Array.from({ length: 63 }, (_, n) => greyOf(value(8 - (n % 9), Math.floor(n / 9), 3)));
    expect(Array.from(pixels)).toEqual(expected);
  });

  it('paints the same by a table and by values, along every axis', () => {
    for (const name of ['axial', 'coronal', 'sagittal'] as const) {
      const slice = sliceGrid(alignedView(grid, name), 2);
      expect(painted(slice, [greyTable()])).toEqual(painted(slice, [greyValues]));
    }
  });

  it('interpolates oblique slices as resampling does', () => {
    const plane = turnPlane(
      turnPlane({ right: [1, 0, 0], down: [0, 1, 0], through: [0, 0, 1] }, [1, 0, 0], 0.4),
      [0, 0, 1],
      0.3,
    );
    const view = obliqueView(grid, plane);
    const slice = sliceGrid(view, view.shape[2] / 2 + 0.3);
    const expected = resample({ ...image, data: Float32Array.from(image.data) }, slice, 'linear', NaN);
    const pixels = painted(slice, [greyValues]);
    expect(Array.from(pixels)).toEqual(Array.from(expected.data, (level) => (Number.isNaN(level) ? 0 : greyOf(level))));
    expect(pixels.filter((pixel) => pixel !== 0).length).toBeGreaterThan(20);
    expect(pixels).toContain(0);
  });

  it('paints pixels smaller than voxels, each voxel as large as it is', () => {
    const pixels = painted(fine(1), [greyTable()]);
    for (const [x, y] of [
      [0, 0],
      [44, 50],
      [89, 104],
    ] as const) {
      expect(pixels[y * 90 + x]).toBe(greyOf(value(8 - Math.floor(x / 10), Math.floor(y / 15), 1)));
    }
  });

  it('interpolates between slices that lie straight too', () => {
    const pixels = painted(sliceGrid(axial, 2.5), [greyValues]);
    expect(pixels[0]).toBe(greyOf((value(8, 0, 2) + value(8, 0, 3)) / 2));
  });

  it('paints nothing beyond the volume, where its last voxels end', () => {
    for (const by of [1, -1]) {
      const moved = { ...sliceGrid(axial, 2), origin: indexToWorld(axial, indexPoint(by, 0, 2)) };
      const expected = Array.from({ length: 63 }, (_, n) => {
        const i = 8 - ((n % 9) + by);
        return i < 0 || i > 8 ? 0 : greyOf(value(i, Math.floor(n / 9), 2));
      });
      expect(Array.from(painted(moved, [greyTable()]))).toEqual(expected);
    }
  });

  it('paints where two segmentations differ: in one alone, in the other alone, in both as another thing', () => {
    const labels = (values: readonly number[]): Volume<Uint8Array> => ({
      grid: { ...grid, shape: [4, 1, 1] },
      channels: 1,
      data: Uint8Array.from(values),
    });
    const [volume, other] = [labels([1, 0, 2, 1]), labels([0, 3, 1, 1])];
    const colours = [packColour([1, 2, 3], 1), packColour([4, 5, 6], 1), packColour([7, 8, 9], 1)] as const;
    const pixels = painted(volume.grid, [{ kind: 'difference', volume, other, colours }]);
    expect([...pixels]).toEqual([...colours, 0]);
  });

  it('projects a slab as thick as it is said to be', () => {
    const slice = sliceGrid(axial, 2);
    const project = (layers: Layer[], choose: (values: readonly number[]) => number, slices: readonly number[]) => {
      const expected = Array.from({ length: 63 }, (_, n) =>
        greyOf(choose(slices.map((k) => value(8 - (n % 9), Math.floor(n / 9), k)))),
      );
      expect(Array.from(painted(slice, layers))).toEqual(expected);
    };
    project([slab('maximum', 8)], (values) => Math.max(...values), [1, 2, 3]);
    project([slab('minimum', 8)], (values) => Math.min(...values), [1, 2, 3]);
    // All of the volume, and no more than there is.
    project([slab('mean', 40)], (values) => values.reduce((a, b) => a + b) / 5, [0, 1, 2, 3, 4]);
    project([slab('mean', 7.9)], ([only]) => only!, [2]);
    // No more slices than it may read, evenly spread.
    const coarse = { projection: 'maximum', thickness: 16, mostSlices: 3 } as const;
    project([{ ...greyValues, slab: coarse }], (values) => Math.max(...values), [0, 2, 4]);
  });

  it('projects every row of many', () => {
    const nearest: Layer = { ...greyValues, interpolation: 'nearest', slab: { projection: 'maximum', thickness: 8 } };
    const pixels = painted(fine(2), [nearest]);
    for (let y = 0; y < 105; y++) {
      const highest = Math.max(...[1, 2, 3].map((k) => value(8, Math.floor(y / 15), k)));
      expect(pixels[90 * y]).toBe(greyOf(highest));
    }
  });

  it('leaves the ground where no layer is, opaque where nothing may be seen through', () => {
    const beyond = { ...sliceGrid(axial, 2), origin: indexToWorld(axial, indexPoint(1, 0, 2)) };
    const buffers = paintBuffers(9, 7, packColour([0, 0, 0], 1));
    paintSlice(beyond, [greyValues], buffers);
    expect(buffers.pixels[8]).toBe(0xff000000);
    expect([...buffers.pixels].every((pixel) => pixel >>> 24 === 255)).toBe(true);
  });

  it('lays structures over the image with their opacity', () => {
    const labels: Volume<Uint8Array> = { grid, channels: 1, data: new Uint8Array(size) };
    labels.data[2 * 63 + 3 * 9 + 8] = 5;
    const table = emptyTable(labels.data);
    fillLabelTable(table, [{ label: 5, colour: [255, 0, 0], opacity: 1 }]);
    const over: Layer = { kind: 'table', volume: labels, channel: 0, table };
    const [plain, marked] = [[greyTable()], [greyTable(), over]].map((layers) => painted(sliceGrid(axial, 2), layers));
    const changed = Array.from(marked!.keys()).filter((n) => plain![n] !== marked![n]);
    expect(changed).toEqual([3 * 9]);
    expect(marked![27]).toBe(packColour([255, 0, 0], 1));
  });

  it('lays a volume with a grid of its own where it belongs, and nothing where it ends', () => {
    const small: Grid = { ...grid, shape: [1, 1, 1], spacing: [1, 1.5, 4], origin: [7, -17, 34] };
    const second: Volume = { grid: small, channels: 1, data: Float32Array.of(1) };
    const shading = { low: 0, high: 1, ramp };
    const over: Layer = { kind: 'values', volume: second, channel: 0, shading, interpolation: 'linear' };
    const pixels = painted(sliceGrid(axial, 1), [over]);
    // Voxel (3, 2, 1) of the image, seen from the end of the first axis.
    expect(Array.from(pixels.keys()).filter((n) => pixels[n] !== 0)).toEqual([2 * 9 + 5]);
  });

  it('shows labels of a table nowhere beyond their volume, whatever colour value 0 has', () => {
    const small: Grid = { ...grid, shape: [1, 1, 1], origin: [7, -17, 34] };
    const table = { entries: new Uint32Array(256).fill(packColour([1, 2, 3], 1)), mask: 255 };
    const volume: Volume<Uint8Array> = { grid: small, channels: 1, data: Uint8Array.of(0) };
    expect(
      painted(sliceGrid(axial, 1), [{ kind: 'table', volume, channel: 0, table }]).filter((n) => n > 0),
    ).toHaveLength(1);
  });

  it('shows colour pictures in their colours, over whatever was below', () => {
    const flat: Grid = { ...axial, shape: [2, 1, 1] };
    const volume: Volume = { grid: flat, channels: 6, data: Uint8Array.of(0, 0, 0, 0, 0, 0, 255, 1, 128, 2, 0, 3) };
    const colour: Layer = { kind: 'colour', volume, channel: 3 };
    const below: Layer = {
      kind: 'values',
      volume,
      channel: 0,
      shading: { low: 0, high: 1, ramp: inverted },
      interpolation: 'nearest',
    };
    expect(Array.from(painted(flat, [below, colour]))).toEqual([
      packColour([255, 128, 0], 1),
      packColour([1, 2, 3], 1),
    ]);
  });
});
