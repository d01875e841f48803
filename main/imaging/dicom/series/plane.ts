import type { Matrix3, Vector3 } from '../../../../ml/volume/grid.ts';
import { cross, dot, fromColumns, length, nearestOrthonormal } from '../../../../ml/volume/matrix.ts';
import { tags } from '../tags.ts';
import type { FrameAttributes } from './attributes.ts';

/** Where a frame lies in the patient (PS3.3 C.7.6.2.1.1), LPS mm. */
export interface Plane {
  /** Centre of the first pixel. */
  readonly position: Vector3;
  /** Columns: the way the column index grows, the way the row index grows, their cross product. Orthonormal, right-handed. */
  readonly direction: Matrix3;
  /** How far the file's two directions are from being orthonormal: the largest of |1 - length| and |cosine between them|. */
  readonly skew: number;
}

/** Cosines are written with six decimals or so: what departs less than this is rounding and is not said. */
export const roundedCosine = 1e-4;

/** Two directions that depart more than this (6 degrees, or a tenth of their length) are not those of an image. */
const wrongCosine = 0.1;

/**
 * The plane of a frame; `undefined` where the file does not place it, or names directions that cannot be those of an image's axes. The two
 * directions become the nearest orthonormal ones.
 */
export function readPlane({ macro }: FrameAttributes, offset: number): Plane | undefined {
  const position = macro(tags.PlanePositionSequence).numbers(tags.ImagePositionPatient);
  const cosines = macro(tags.PlaneOrientationSequence).numbers(tags.ImageOrientationPatient);
  const [x, y, z] = position;
  const [a, b, c, d, e, f] = cosines;
  if (x === undefined || y === undefined || z === undefined || ![x, y, z].every(Number.isFinite)) return undefined;
  if (a === undefined || b === undefined || c === undefined) return undefined;
  if (d === undefined || e === undefined || f === undefined || !cosines.every(Number.isFinite)) return undefined;
  const [row, column]: [Vector3, Vector3] = [
    [a, b, c],
    [d, e, f],
  ];
  const skew = Math.max(Math.abs(1 - length(row)), Math.abs(1 - length(column)), Math.abs(dot(row, column)));
  if (skew > wrongCosine) return undefined;
  const direction = skew === 0 ? fromColumns(row, column, cross(row, column)) : orthonormal(row, column);
  const along = normalOf(direction);
  return {
    position: [x + offset * along[0], y + offset * along[1], z + offset * along[2]],
    direction,
    skew,
  };
}

function orthonormal(row: Vector3, column: Vector3): Matrix3 {
  const normal = cross(row, column);
  const size = length(normal);
  return nearestOrthonormal(fromColumns(row, column, [normal[0] / size, normal[1] / size, normal[2] / size]));
}

export const rowOf = (direction: Matrix3): Vector3 => [direction[0], direction[3], direction[6]];
export const columnOf = (direction: Matrix3): Vector3 => [direction[1], direction[4], direction[7]];
export const normalOf = (direction: Matrix3): Vector3 => [direction[2], direction[5], direction[8]];
