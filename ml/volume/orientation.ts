import type { Grid } from './grid.ts';
import { column } from './matrix.ts';
import type { Axis, AxisOrder } from './reorder.ts';

const letters = [
  ['R', 'L'],
  ['A', 'P'],
  ['I', 'S'],
] as const;

/** For each index axis, the patient axis (0 left, 1 posterior, 2 superior) it runs along most nearly, and whether with or against it. */
function patientAxes({ direction }: Grid): readonly { axis: Axis; against: boolean }[] {
  const columns = [column(direction, 0), column(direction, 1), column(direction, 2)];
  const score = (order: AxisOrder['from']) =>
    order.reduce<number>((sum, axis, n) => sum + Math.abs(columns[n]?.[axis] ?? 0), 0);
  // The best of the six assignments: the largest entry of each column alone can name one patient axis twice.
  const best = orders.reduce((a, b) => (score(b) > score(a) + 1e-9 ? b : a));
  return best.map((axis, n) => ({ axis, against: (columns[n]?.[axis] ?? 0) < 0 }));
}

const orders: readonly AxisOrder['from'][] = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
];

/** Three letters: the direction each of the i, j and k axes points to, e.g. `LPS` for an identity direction. */
export function orientationCode(grid: Grid): string {
  return patientAxes(grid)
    .map(({ axis, against }) => letters[axis][against ? 0 : 1])
    .join('');
}

/** The reordering of index axes after which `orientationCode` is `LPS`. */
export function canonicalOrder(grid: Grid): AxisOrder {
  const axes = patientAxes(grid);
  const indexAxis = (patient: Axis) => axes.findIndex(({ axis }) => axis === patient) as Axis;
  const from = [indexAxis(0), indexAxis(1), indexAxis(2)] as const;
  const against = (n: Axis) => axes[from[n]]?.against === true;
  return { from, flipped: [against(0), against(1), against(2)] };
}
