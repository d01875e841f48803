import type { FittedGrid, RasAffine } from '../../../ml/volume/affine.ts';
import { gridFromRas } from '../../../ml/volume/affine.ts';
import { largestDisplacement } from '../../../ml/volume/difference.ts';
import type { Grid, Vector3 } from '../../../ml/volume/grid.ts';
import type { NiftiGeometry } from './header.ts';
import { rotationOfQuaternion } from './quaternion.ts';

/** What a header says about where voxels are. */
export interface Placement {
  readonly grid: Grid;
  /** The part of the header the grid was made from. */
  readonly form: 'sform' | 'qform' | 'pixdim';
  readonly warnings: readonly string[];
}

/** Millimetres in the unit of length, by the lowest three bits of xyzt_units: metres, millimetres, micrometres. */
const millimetres: Readonly<Record<number, number>> = { 1: 1000, 2: 1, 3: 0.001 };

/** Above this share of a voxel side a wrong position is worth a warning. */
const noticeable = 0.1;

/**
 * Where the voxels of an image are. As nifti1.h, nibabel and ITK have it: the sform where its code is above 0, else the qform
 * where its code is, else voxel sides alone (method 1).
 */
export function placeVoxels(geometry: NiftiGeometry, shape: Vector3): Placement {
  const warnings: string[] = [];
  const unit = millimetres[geometry.xyztUnits & 7];
  if (unit === undefined)
    warnings.push('The header does not name its unit of length; it is taken to be millimetres, as is usual.');
  const sides = voxelSides(geometry, shape, warnings);
  const sform = geometry.sformCode > 0 ? gridFromRas(scaled(geometry.srows, unit ?? 1), shape) : undefined;
  const qform = geometry.qformCode > 0 && sides ? fitQform(geometry, sides, unit ?? 1, shape) : undefined;
  if (geometry.sformCode > 0 && !sform) warnings.push('The sform matrix is singular or not finite, and is left aside.');
  if (geometry.qformCode > 0 && !qform)
    warnings.push('The qform is not a rotation with voxel sides, and is left aside.');
  if (sform && qform) warnOfDisagreement(sform.grid, qform.grid, warnings);
  if (sform) {
    warnOfShear(sform, warnings);
    return { grid: sform.grid, form: 'sform', warnings };
  }
  if (qform) return { grid: qform.grid, form: 'qform', warnings };
  return { grid: gridOfSides(sides, unit ?? 1, shape, warnings), form: 'pixdim', warnings };
}

/** pixdim[1..3], or `undefined` where an axis with more than one voxel has none. */
export function voxelSides({ pixdim }: NiftiGeometry, shape: Vector3, warnings: string[]): Vector3 | undefined {
  const side = (axis: 0 | 1 | 2) => {
    const length = Math.abs(pixdim[axis + 1] ?? NaN);
    if (length > 0 && Number.isFinite(length)) return length;
    if (shape[axis] > 1) return undefined;
    warnings.push(
      `The header gives no voxel side along axis ${'ijk'.charAt(axis)}, which has one voxel; 1 stands in for it.`,
    );
    return 1;
  };
  const [i, j, k] = [side(0), side(1), side(2)];
  return i !== undefined && j !== undefined && k !== undefined ? [i, j, k] : undefined;
}

/** nifti1.h, method 2: rotation of the quaternion, third axis times qfac, columns times voxel sides. */
function fitQform(
  { quaternion, pixdim }: NiftiGeometry,
  sides: Vector3,
  unit: number,
  shape: Vector3,
): FittedGrid | undefined {
  const [b = NaN, c = NaN, d = NaN, x = NaN, y = NaN, z = NaN] = quaternion;
  if (!(b * b + c * c + d * d <= 1.001)) return undefined;
  const [i, j] = sides;
  const k = (pixdim[0] ?? 1) < 0 ? -sides[2] : sides[2];
  const r = rotationOfQuaternion(b, c, d);
  const rows = [r[0] * i, r[1] * j, r[2] * k, x, r[3] * i, r[4] * j, r[5] * k, y, r[6] * i, r[7] * j, r[8] * k, z];
  return gridFromRas(scaled(rows, unit), shape);
}

/** nifti1.h, method 1: x = pixdim[1] i towards the right, and so on; nothing says that this is so. */
function gridOfSides(sides: Vector3 | undefined, unit: number, shape: Vector3, warnings: string[]): Grid {
  warnings.push(
    'The header gives no orientation; axes are taken to run right, anterior and superior, which may be wrong.',
  );
  if (!sides) warnings.push('The header gives no voxel sides; lengths are counted in voxels.');
  const [i, j, k] = sides ?? [1 / unit, 1 / unit, 1 / unit];
  return {
    shape,
    spacing: [i * unit, j * unit, k * unit],
    unit: sides ? 'mm' : 'voxel',
    origin: [0, 0, 0],
    direction: [-1, 0, 0, 0, -1, 0, 0, 0, 1],
  };
}

function scaled(rows: readonly number[], factor: number): RasAffine {
  return rows.map((value) => value * factor) as unknown as RasAffine;
}

function warnOfDisagreement(sform: Grid, qform: Grid, warnings: string[]): void {
  const apart = largestDisplacement(sform, qform);
  if (apart <= noticeable * Math.min(...sform.spacing)) return;
  warnings.push(`The sform and the qform disagree by up to ${apart.toPrecision(3)} mm; the sform is used.`);
}

function warnOfShear({ grid, displacement }: FittedGrid, warnings: string[]): void {
  if (displacement <= noticeable * Math.min(...grid.spacing)) return;
  warnings.push(
    `The axes of the sform are not at right angles; the nearest that are were taken, which moves voxels by up to ` +
      `${displacement.toPrecision(3)} mm. Files written for this image keep its own matrix.`,
  );
}
