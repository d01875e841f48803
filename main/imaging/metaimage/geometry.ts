import type { Grid, Vector3 } from '../../../ml/volume/grid.ts';
import { fitGrid } from '../fitGrid.ts';
import type { MetaImageHeader } from './header.ts';
import { brokenMetaImage } from './header.ts';

const millimetres: Readonly<Record<string, number>> = { mm: 1, um: 0.001, cm: 10, m: 1000, '?': 1 };

/**
 * Where the voxels are: ITK's reading of the fields, in LPS. TransformMatrix holds the direction of one axis after the other,
 * Offset the centre of the first voxel.
 *
 * @throws Problem `data` where the axes span no volume.
 */
export function placeMetaImage(header: MetaImageHeader, path: string): { grid: Grid; warnings: readonly string[] } {
  const warnings: string[] = [];
  const { sizes, spacing, origin, matrix, distanceUnit } = header;
  const unit = millimetres[distanceUnit];
  if (unit === undefined)
    warnings.push(`The unit of length "${distanceUnit}" is not known; it is taken to be millimetres.`);
  if (spacing === undefined) warnings.push('The header gives no voxel sides; lengths are counted in voxels.');
  if (matrix === undefined)
    warnings.push(
      'The header gives no orientation; axes are taken to run left, posterior and superior, which may be wrong.',
    );
  const scale = spacing === undefined ? 1 : (unit ?? 1);
  const axis = (n: 0 | 1 | 2): Vector3 => {
    const side = (n < sizes.length ? (spacing?.[n] ?? 1) : 1) * scale;
    const part = (row: number) => {
      if (matrix === undefined || n >= sizes.length) return row === n ? side : 0;
      return row < sizes.length ? matrix[n * sizes.length + row]! * side : 0;
    };
    return [part(0), part(1), part(2)];
  };
  const shape: Vector3 = [sizes[0] ?? 1, sizes[1] ?? 1, sizes[2] ?? 1];
  const place = (n: number) => (origin?.[n] ?? 0) * scale;
  const grid = fitGrid([axis(0), axis(1), axis(2)], [place(0), place(1), place(2)], shape, warnings);
  if (grid === undefined) throw brokenMetaImage('ElementSpacing and TransformMatrix span no volume', path);
  return { grid: spacing === undefined ? { ...grid, unit: 'voxel' } : grid, warnings };
}
