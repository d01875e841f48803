import type { Grid, Vector3 } from '../../../../ml/volume/grid.ts';
import { indexPoint, indexToWorld } from '../../../../ml/volume/space.ts';
import type { Volume } from '../../../../ml/volume/volume.ts';

/**
 * The grid that slices at irregular places are brought to: the direction and pixels of the slices, their usual distance along the normal, and
 * as far to the sides as any of them reaches.
 *
 * @param grid    Of the first slice, with the usual distance.
 * @param offsets Where each slice begins, mm along the axes of `grid`, sorted along the normal.
 */
export function regularGrid(grid: Grid, offsets: readonly Vector3[]): Grid {
  const [dx, dy, dz] = grid.spacing;
  const least = ([0, 1] as const).map((axis) => Math.min(...offsets.map((offset) => offset[axis])));
  const most = ([0, 1] as const).map((axis) => Math.max(...offsets.map((offset) => offset[axis])));
  // Whole pixels, so that slices which are not shifted keep theirs.
  const [left, up] = [Math.floor((least[0] ?? 0) / dx + edge), Math.floor((least[1] ?? 0) / dy + edge)];
  const [right, down] = [Math.ceil((most[0] ?? 0) / dx - edge), Math.ceil((most[1] ?? 0) / dy - edge)];
  const depth = offsets.at(-1)?.[2] ?? 0;
  return {
    ...grid,
    origin: indexToWorld(grid, indexPoint(left, up, 0)),
    shape: [grid.shape[0] + right - left, grid.shape[1] + down - up, Math.round(depth / dz) + 1],
  };
}

/** Part of a pixel by which a shift may be off a whole one through rounding. */
const edge = 1e-3;

/**
 * Resamples slices at irregular places to `target`, linearly within each slice and between the two on either side. Beyond the first and
 * last slice their values hold; beside a slice the result is `outside`.
 *
 * @param volume  The slices as they are, one after another.
 * @param offsets Where each slice begins, mm along the axes of its grid.
 * @param target  As `regularGrid` gives it.
 */
export function regularise(
  { grid, channels, data }: Volume,
  offsets: readonly Vector3[],
  target: Grid,
  outside: number,
): Volume<Float32Array> {
  const plane = grid.shape[0] * grid.shape[1];
  const size = target.shape[0] * target.shape[1];
  const out = new Float32Array(channels * size * target.shape[2]);
  const shift = shiftBetween(grid, target);
  for (let k = 0; k < target.shape[2]; k++) {
    for (const { slice, share } of neighbours(offsets, k * target.spacing[2])) {
      const [x = 0, y = 0] = offsets[slice] ?? [];
      const move: [number, number] = [shift[0] - x / grid.spacing[0], shift[1] - y / grid.spacing[1]];
      for (let c = 0; c < channels; c++) {
        const from = (c * grid.shape[2] + slice) * plane;
        const to = (c * target.shape[2] + k) * size;
        addPlane(data.subarray(from, from + plane), grid, move, out.subarray(to, to + size), target, share, outside);
      }
    }
  }
  return { grid: target, channels, data: out };
}

/** Pixels from the first of the slices to the first of the target. */
function shiftBetween(grid: Grid, target: Grid): readonly [number, number] {
  const away = grid.origin.map((value, axis) => (target.origin[axis] ?? NaN) - value);
  const along = (axis: 0 | 1): number =>
    away.reduce((sum, value, row) => sum + value * (grid.direction[3 * row + axis] ?? NaN), 0) / grid.spacing[axis];
  return [along(0), along(1)];
}

/** The slices on either side of a depth, with their shares. */
function neighbours(offsets: readonly Vector3[], depth: number): readonly { slice: number; share: number }[] {
  const above = offsets.findIndex(([, , z]) => z >= depth - 1e-6);
  if (above < 0) return [{ slice: offsets.length - 1, share: 1 }];
  const [high, low] = [offsets[above]?.[2] ?? NaN, offsets[above - 1]?.[2]];
  if (low === undefined || high - depth <= 1e-6) return [{ slice: above, share: 1 }];
  const share = (depth - low) / (high - low);
  return [
    { slice: above - 1, share: 1 - share },
    { slice: above, share },
  ];
}

function addPlane(
  plane: ArrayLike<number>,
  { shape: [columns, rows] }: Grid,
  [moveX, moveY]: readonly [number, number],
  out: Float32Array,
  target: Grid,
  share: number,
  outside: number,
): void {
  for (let j = 0; j < target.shape[1]; j++) {
    for (let i = 0; i < target.shape[0]; i++) {
      const value = sample(plane, columns, rows, i + moveX, j + moveY, outside);
      const at = j * target.shape[0] + i;
      out[at] = (out[at] ?? 0) + share * value;
    }
  }
}

/** Up to half a pixel beyond the outermost centres the edge holds. */
function sample(
  plane: ArrayLike<number>,
  columns: number,
  rows: number,
  x: number,
  y: number,
  outside: number,
): number {
  if (x < -0.5 || y < -0.5 || x > columns - 0.5 || y > rows - 0.5) return outside;
  const [cx, cy] = [Math.min(Math.max(x, 0), columns - 1), Math.min(Math.max(y, 0), rows - 1)];
  const [i, j] = [Math.min(Math.floor(cx), columns - 1), Math.min(Math.floor(cy), rows - 1)];
  const [right, below] = [Math.min(i + 1, columns - 1), Math.min(j + 1, rows - 1)];
  const [u, v] = [cx - i, cy - j];
  const top = (1 - u) * (plane[j * columns + i] ?? NaN) + u * (plane[j * columns + right] ?? NaN);
  const bottom = (1 - u) * (plane[below * columns + i] ?? NaN) + u * (plane[below * columns + right] ?? NaN);
  return (1 - v) * top + v * bottom;
}
