import type { Matrix3 } from '../../../ml/volume/grid.ts';

/**
 * Rotation matrix of the unit quaternion (a, b, c, d), a >= 0 following from the others: nifti1.h, "QUATERNION
 * REPRESENTATION OF ROTATION MATRIX".
 */
export function rotationOfQuaternion(qb: number, qc: number, qd: number): Matrix3 {
  const square = qb * qb + qc * qc + qd * qd;
  // Half a turn has a = 0; rounding may leave b, c, d slightly longer than 1, and then they are shortened.
  const longer = square > 1 - 1e-7;
  const scale = longer ? 1 / Math.sqrt(square) : 1;
  const a = longer ? 0 : Math.sqrt(1 - square);
  const [b, c, d] = [qb * scale, qc * scale, qd * scale];
  return [
    a * a + b * b - c * c - d * d,
    2 * (b * c - a * d),
    2 * (b * d + a * c),
    2 * (b * c + a * d),
    a * a + c * c - b * b - d * d,
    2 * (c * d - a * b),
    2 * (b * d - a * c),
    2 * (c * d + a * b),
    a * a + d * d - b * b - c * c,
  ];
}

/** b, c, d of the unit quaternion with a >= 0 of a proper rotation matrix. */
export function quaternionOfRotation(m: Matrix3): readonly [number, number, number] {
  const [m00, m01, m02, m10, m11, m12, m20, m21, m22] = m;
  // Four times the squares of a, b, c, d; dividing by the largest keeps the precision (Shepperd 1978).
  const squares = [1 + m00 + m11 + m22, 1 + m00 - m11 - m22, 1 - m00 + m11 - m22, 1 - m00 - m11 + m22];
  const largest = squares.indexOf(Math.max(...squares));
  const root = 2 * Math.sqrt(squares[largest] ?? NaN);
  const products: readonly (readonly [number, number, number, number])[] = [
    [root / 4, (m21 - m12) / root, (m02 - m20) / root, (m10 - m01) / root],
    [(m21 - m12) / root, root / 4, (m01 + m10) / root, (m02 + m20) / root],
    [(m02 - m20) / root, (m01 + m10) / root, root / 4, (m12 + m21) / root],
    [(m10 - m01) / root, (m02 + m20) / root, (m12 + m21) / root, root / 4],
  ];
  const [a, b, c, d] = products[largest] ?? [NaN, NaN, NaN, NaN];
  return a < 0 ? [-b, -c, -d] : [b, c, d];
}
