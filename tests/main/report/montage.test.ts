import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import type { Matrix3, Vector3 } from '../../../ml/volume/grid.ts';
import { comparisonPicture } from '../../../main/report/comparisonPicture.ts';
import { type MontageInput, montage } from '../../../main/report/montage.ts';
import { montageSlices } from '../../../main/report/montageSlices.ts';
import { cubic, linear, resizePlane } from '../../../main/report/resizePlane.ts';
import { slicePlane, viewAcross } from '../../../main/report/slicePlane.ts';
import { gridOf } from '../../ml/evaluation/maskPairs.ts';

const background = [18, 20, 24];

function ball(shape: Vector3, spacing: Vector3): MontageInput {
  const voxels = shape[0] * shape[1] * shape[2];
  const place = (v: number) => [
    v % shape[0],
    Math.floor(v / shape[0]) % shape[1],
    Math.floor(v / (shape[0] * shape[1])),
  ];
  const inside = (v: number) =>
    place(v).every((p, a) => Math.abs(p - (shape[a as 0 | 1 | 2] - 1) / 2) <= shape[a as 0 | 1 | 2] / 4);
  const labels = Uint8Array.from({ length: voxels }, (_, v) => (inside(v) ? 1 : 0));
  return {
    image: { grid: gridOf(shape, spacing), channels: 1, data: Float32Array.from(labels, (label) => 100 + 50 * label) },
    labels,
    entropy: Float32Array.from(labels),
    mostEntropy: 1,
    structures: [{ value: 1, name: 'Ball', colour: [10, 200, 30] }],
    title: 'a ball',
  };
}

const colours = (png: Uint8Array) => {
  const { data } = decode(png);
  return new Set(Array.from({ length: data.length / 3 }, (_, p) => data.subarray(3 * p, 3 * p + 3).join()));
};

describe('montage', () => {
  it('is a PNG that holds the outline in its colour and the heat of the highest entropy', () => {
    const seen = colours(montage(ball([12, 12, 12], [1, 1, 1])));
    expect(seen).toContain('10,200,30');
    expect(seen).toContain('252,255,164');
    expect(seen).toContain(background.join());
  });

  it('shows anisotropic voxels in true proportion, across the coarsest axis', () => {
    const flat = decode(montage(ball([20, 10, 4], [1, 1, 5])));
    const tall = decode(montage(ball([10, 20, 4], [1, 1, 5])));
    expect(tall.height).toBeGreaterThan(flat.height + 300);
  });

  it.each([
    ['a picture', ball([30, 20, 1], [1, 1, 1])],
    [
      'a constant image',
      { ...ball([8, 8, 8], [1, 1, 1]), image: { ...ball([8, 8, 8], [1, 1, 1]).image, data: new Int16Array(512) } },
    ],
    [
      'an image with voxels that are not numbers',
      {
        ...ball([8, 8, 8], [1, 1, 1]),
        image: { ...ball([8, 8, 8], [1, 1, 1]).image, data: new Float32Array(512).fill(NaN) },
      },
    ],
    ['an empty mask', { ...ball([8, 8, 8], [1, 1, 1]), labels: new Uint8Array(512), entropy: new Float32Array(512) }],
    ['a title with letters that the font lacks', { ...ball([8, 8, 8], [1, 1, 1]), title: 'Łódź 日本 😀' }],
  ])('can be made of %s', (_, input) => {
    expect(decode(montage(input)).width).toBeGreaterThanOrEqual(800);
  });
});

describe('viewAcross', () => {
  const oriented = (direction: Matrix3, shape: Vector3 = [2, 3, 4]) => ({ ...gridOf(shape, [1, 1, 1]), direction });

  it('shows axial slices with the patient right on the left and the front at the top', () => {
    expect(viewAcross(oriented([1, 0, 0, 0, 1, 0, 0, 0, 1]), 'k')).toMatchObject({
      name: 'axial',
      letters: { left: 'R', right: 'L', top: 'A', bottom: 'P' },
      horizontal: { axis: 0, reversed: false },
      vertical: { axis: 1, reversed: false },
    });
  });

  it('turns a volume whose indices run to the right and to the front (RAS)', () => {
    expect(viewAcross(oriented([-1, 0, 0, 0, -1, 0, 0, 0, 1]), 'k')).toMatchObject({
      horizontal: { axis: 0, reversed: true },
      vertical: { axis: 1, reversed: true },
    });
  });

  it('shows coronal and sagittal slices with the head up', () => {
    const identity = oriented([1, 0, 0, 0, 1, 0, 0, 0, 1]);
    expect(viewAcross(identity, 'j')).toMatchObject({
      name: 'coronal',
      letters: { left: 'R', right: 'L', top: 'S', bottom: 'I' },
      horizontal: { axis: 0, reversed: false },
      vertical: { axis: 2, reversed: true },
    });
    expect(viewAcross(identity, 'i')).toMatchObject({
      name: 'sagittal',
      letters: { left: 'A', right: 'P', top: 'S', bottom: 'I' },
      horizontal: { axis: 1, reversed: false },
      vertical: { axis: 2, reversed: true },
    });
  });

  it('follows the patient where the index axes are permuted', () => {
    // i runs to superior, j to left, k to anterior.
    expect(viewAcross(oriented([0, 1, 0, 0, 0, -1, 1, 0, 0]), 'i')).toMatchObject({
      name: 'axial',
      horizontal: { axis: 1, reversed: false },
      vertical: { axis: 2, reversed: true },
    });
  });

  it('puts no letters on a picture', () => {
    expect(viewAcross(oriented([1, 0, 0, 0, 1, 0, 0, 0, 1], [5, 5, 1]), 'k').letters).toBeUndefined();
  });
});

describe('slicePlane', () => {
  it('takes the voxels of one slice, turned', () => {
    const grid = { ...gridOf([2, 2, 2], [1, 1, 1]), direction: [-1, 0, 0, 0, 1, 0, 0, 0, 1] as const };
    const data = Uint8Array.from([0, 1, 2, 3, 4, 5, 6, 7]);
    expect([...slicePlane(data, grid, viewAcross(grid, 'k'), 1, (value) => value).data]).toEqual([5, 4, 7, 6]);
  });
});

describe('montageSlices', () => {
  it('takes the most uncertain slice of each part of the foreground, rising and never two neighbours', () => {
    const grid = gridOf([1, 1, 48], [1, 1, 1]);
    const labels = Uint8Array.from({ length: 48 }, (_, k) => (k >= 4 && k < 44 ? 1 + (k % 2) : 0));
    const entropy = Float32Array.from(labels, (_, k) => (k === 17 ? 1 : 0.1));
    const slices = montageSlices(labels, entropy, grid, 'k', 4);
    expect(slices).toHaveLength(4);
    expect(slices).toContain(17);
    slices.slice(1).forEach((slice, index) => {
      expect(slice - slices[index]!).toBeGreaterThan(1);
    });
  });

  it('goes evenly through a volume without foreground', () => {
    expect(montageSlices(new Uint8Array(8), new Float32Array(8), gridOf([1, 1, 8], [1, 1, 1]), 'k', 2)).toEqual([2, 6]);
  });
});

describe('resizePlane', () => {
  const plane = { width: 3, height: 2, data: Float32Array.from([1, 2, 3, 4, 5, 6]) };

  it.each([linear, cubic])('returns the plane itself at its own size', (kernel) => {
    expect([...resizePlane(plane, 3, 2, kernel).data]).toEqual([...plane.data]);
  });

  it.each([linear, cubic])('keeps a constant constant, larger and smaller', (kernel) => {
    const constant = { width: 4, height: 4, data: new Float32Array(16).fill(7) };
    for (const side of [1, 3, 11]) {
      for (const value of resizePlane(constant, side, side, kernel).data) expect(value).toBeCloseTo(7, 5);
    }
  });
});

describe('comparisonPicture', () => {
  it('shows the prediction in its colour and the reference in white, on slices where they differ', () => {
    const { image, labels, structures } = ball([12, 12, 12], [1, 1, 1]);
    const nothing = new Uint8Array(labels.length);
    const both = (prediction: Uint8Array, reference: Uint8Array) =>
      decode(comparisonPicture({ image, prediction, reference, structures })).data;
    const ours = Uint8Array.from(labels);
    // The legend of both has 14 pixels a side; what is more is drawn into the slices.
    const count = (data: ArrayLike<number>, colour: readonly number[]) =>
      Array.from({ length: data.length / 3 }, (_, p) => colour.every((value, c) => data[3 * p + c] === value)).filter(
        Boolean,
      ).length;
    const [white, green] = [
      [255, 255, 255],
      [10, 200, 30],
    ];
    const [missed, invented] = [both(nothing, ours), both(ours, nothing)];
    expect(count(missed, white)).toBeGreaterThan(count(invented, white) + 200);
    expect(count(invented, green)).toBeGreaterThan(count(missed, green) + 200);
  });
});
