import type { Grid } from '../../ml/volume/grid.ts';
import { worldPoint } from '../../ml/volume/space.ts';
import { formatMeasurement, measureAngle, measureArea, measureLength } from '../measurements/measure.ts';
import type { MeasurementLine } from '../stores/measurements.ts';

/** The number of a measurement with its unit; empty while it has too few points, or sizes that are not known. */
export function describeMeasurement(grid: Grid, { kind, points }: Pick<MeasurementLine, 'kind' | 'points'>): string {
  const world = points.map((point) => worldPoint(...point));
  const [a, b, c] = world;
  if (a === undefined || b === undefined) return '';
  if (kind === 'length') return formatMeasurement(measureLength(grid, a, b));
  if (kind === 'area') return formatMeasurement(measureArea(grid, world));
  const angle = c && measureAngle(grid, a, b, c);
  return angle ? formatMeasurement(angle) : '';
}
