import type { Grid } from './grid.ts';
import type { IndexMap } from './indexMap.ts';

/**
 * The source voxels around each of the positions of one target row. Position n lies between the voxel at `base[n]` (an
 * index into one channel; -1 outside the source) and those `step` farther along each axis, which have the given weights.
 */
export interface SampleRow {
  readonly base: Int32Array;
  readonly steps: readonly [Int32Array, Int32Array, Int32Array];
  readonly weights: readonly [Float64Array, Float64Array, Float64Array];
}

export function emptyRow(length: number): SampleRow {
  const integers = () => new Int32Array(length);
  const reals = () => new Float64Array(length);
  return { base: integers(), steps: [integers(), integers(), integers()], weights: [reals(), reals(), reals()] };
}

/** Rounding of a grid's numbers must not turn its own edge into the outside. */
const slack = 1e-6;

/**
 * Fills `row` for the target row (j, k). Up to half a voxel beyond the outermost centres the edge voxel stands for the
 * position, as in ITK.
 */
export function fillRow(row: SampleRow, { start, steps }: IndexMap, source: Grid, j: number, k: number): void {
  const strides = [1, source.shape[0], source.shape[0] * source.shape[1]] as const;
  row.base.fill(0);
  for (const axis of [0, 1, 2] as const) {
    const first = start[axis] + j * steps[1][axis] + k * steps[2][axis];
    addAxis(row, axis, first, steps[0][axis], source.shape[axis], strides[axis]);
  }
}

/** Adds what axis `axis` of the source has to do with positions `first + i * step` along it. */
function addAxis(row: SampleRow, axis: 0 | 1 | 2, first: number, step: number, size: number, stride: number): void {
  const { base } = row;
  const upper = row.steps[axis];
  const weight = row.weights[axis];
  for (let i = 0; i < base.length; i++) {
    const position = first + i * step;
    if (!(position >= -0.5 - slack && position <= size - 0.5 + slack)) {
      base[i] = -1;
      continue;
    }
    const clamped = position < 0 ? 0 : position > size - 1 ? size - 1 : position;
    const lower = Math.floor(clamped);
    if (base[i]! >= 0) base[i]! += lower * stride;
    upper[i] = lower + 1 < size ? stride : 0;
    weight[i] = clamped - lower;
  }
}
