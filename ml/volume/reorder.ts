import { invariant } from '../check/invariant.ts';
import { emptyLike } from './emptyLike.ts';
import type { Grid } from './grid.ts';
import { column, fromColumns } from './matrix.ts';
import { indexPoint, indexToWorld } from './space.ts';
import type { Volume, VoxelArray } from './volume.ts';

export type Axis = 0 | 1 | 2;

/** Axis n of the result is axis `from[n]` of what is reordered, run backwards where `flipped[n]`. */
export interface AxisOrder {
  readonly from: readonly [Axis, Axis, Axis];
  readonly flipped: readonly [boolean, boolean, boolean];
}

export function inverseOrder({ from, flipped }: AxisOrder): AxisOrder {
  const where = (axis: Axis) => from.indexOf(axis) as Axis;
  return { from: [where(0), where(1), where(2)], flipped: [flipped[where(0)], flipped[where(1)], flipped[where(2)]] };
}

/** The same places counted in another order. Undone by `inverseOrder`: exactly but for rounding of the origin. */
export function reorderGrid(grid: Grid, { from, flipped }: AxisOrder): Grid {
  const { shape, spacing, direction } = grid;
  const first: [number, number, number] = [0, 0, 0];
  from.forEach((axis, n) => (first[axis] = flipped[n] === true ? shape[axis] - 1 : 0));
  const turned = (n: Axis) => {
    const [x, y, z] = column(direction, from[n]);
    return flipped[n] ? ([0 - x, 0 - y, 0 - z] as const) : ([x, y, z] as const);
  };
  return {
    ...grid,
    shape: [shape[from[0]], shape[from[1]], shape[from[2]]],
    spacing: [spacing[from[0]], spacing[from[1]], spacing[from[2]]],
    origin: indexToWorld(grid, indexPoint(...first)),
    direction: fromColumns(turned(0), turned(1), turned(2)),
  };
}

/** Moves voxels without changing a value: `reorder(reorder(v, order), inverseOrder(order))` has the data of `v`. */
export function reorder<Data extends VoxelArray>(volume: Volume<Data>, order: AxisOrder): Volume<Data> {
  const { grid, channels, data } = volume;
  const target = reorderGrid(grid, order);
  const [ni, nj, nk] = target.shape;
  const size = ni * nj * nk;
  invariant(data.length === channels * size, 'a volume has as many values as its grid has voxels');
  const strides = [1, grid.shape[0], grid.shape[0] * grid.shape[1]] as const;
  const stride = (n: Axis) => (order.flipped[n] ? -strides[order.from[n]] : strides[order.from[n]]);
  const [si, sj, sk] = [stride(0), stride(1), stride(2)];
  const start = (s: number, n: number) => (s < 0 ? -s * (n - 1) : 0);
  const first = start(si, ni) + start(sj, nj) + start(sk, nk);
  const moved = emptyLike(data, data.length);
  let to = 0;
  for (let c = 0; c < channels; c++) {
    for (let k = 0; k < nk; k++) {
      for (let j = 0; j < nj; j++) {
        let source = c * size + first + k * sk + j * sj;
        for (let i = 0; i < ni; i++, source += si) moved[to++] = data[source]!;
      }
    }
  }
  return { grid: target, channels, data: moved };
}
