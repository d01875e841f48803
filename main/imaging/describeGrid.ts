import type { Grid } from '../../ml/volume/grid.ts';
import { orientationCode } from '../../ml/volume/orientation.ts';
import type { ImageDescription } from './reader.ts';

/** What a description says of a grid, whatever the format. */
export function describeGrid(grid: Grid): Pick<ImageDescription, 'spacing' | 'origin' | 'direction' | 'orientation'> {
  const { unit, spacing, origin, direction } = grid;
  return { spacing: unit === 'mm' ? spacing : null, origin, direction, orientation: orientationCode(grid) };
}
