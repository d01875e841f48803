import fc from 'fast-check';
import type { Grid, Matrix3, Vector3 } from '../../../ml/volume/grid.ts';
import { column, fromColumns } from '../../../ml/volume/matrix.ts';
import type { Axis } from '../../../ml/volume/reorder.ts';
import type { Volume } from '../../../ml/volume/volume.ts';

const orders: readonly (readonly [Axis, Axis, Axis])[] = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
];

/** All 48 directions along the patient's axes. */
export const axisDirections: readonly Matrix3[] = orders.flatMap((order) =>
  Array.from({ length: 8 }, (_, flips) => {
    const unit = (axis: Axis, n: number): Vector3 => {
      const sign = (flips >> n) & 1 ? -1 : 1;
      return [axis === 0 ? sign : 0, axis === 1 ? sign : 0, axis === 2 ? sign : 0];
    };
    return fromColumns(unit(order[0], 0), unit(order[1], 1), unit(order[2], 2));
  }),
);

/** Rotation by angles about x, y and z, in radians. */
export function rotation(x: number, y: number, z: number): Matrix3 {
  const [cx, sx, cy, sy, cz, sz] = [Math.cos(x), Math.sin(x), Math.cos(y), Math.sin(y), Math.cos(z), Math.sin(z)];
  return [
    cz * cy,
    cz * sy * sx - sz * cx,
    cz * sy * cx + sz * sx,
    sz * cy,
    sz * sy * sx + cz * cx,
    sz * sy * cx - cz * sx,
    -sy,
    cy * sx,
    cy * cx,
  ];
}

export function multiply(a: Matrix3, b: Matrix3): Matrix3 {
  const times = (axis: Axis): Vector3 => {
    const [x, y, z] = column(b, axis);
    return [a[0] * x + a[1] * y + a[2] * z, a[3] * x + a[4] * y + a[5] * z, a[6] * x + a[7] * y + a[8] * z];
  };
  return fromColumns(times(0), times(1), times(2));
}

// Adding 0 makes 0 of -0, which compares as different.
const real = (min: number, max: number) => fc.double({ min, max, noNaN: true }).map((value) => value + 0);
const triple = (arbitrary: fc.Arbitrary<number>) => fc.tuple(arbitrary, arbitrary, arbitrary);

/** Grids of any of the 48 axis orders, straight or turned by any angle, with unequal spacing. */
export const grids = (largest = 6): fc.Arbitrary<Grid> =>
  fc
    .record({
      shape: triple(fc.integer({ min: 1, max: largest })),
      spacing: triple(real(0.2, 8)),
      origin: triple(real(-300, 300)),
      axes: fc.constantFrom(...axisDirections),
      turn: fc.oneof(fc.constant<Vector3>([0, 0, 0]), triple(real(-Math.PI, Math.PI))),
    })
    .map(({ axes, turn: [x, y, z], ...rest }) => ({
      ...rest,
      unit: 'mm' as const,
      direction: multiply(rotation(x, y, z), axes),
    }));

/** A volume whose values differ everywhere, so that no flip or shift can hide. */
export function numbered(grid: Grid, channels = 1): Volume<Float32Array> {
  const [i, j, k] = grid.shape;
  return { grid, channels, data: Float32Array.from({ length: channels * i * j * k }, (_, n) => (n * 37) % 1009) };
}
