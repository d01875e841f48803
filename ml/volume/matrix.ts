import type { Matrix3, Vector3 } from './grid.ts';

export function transform(m: Matrix3, [x, y, z]: Vector3): Vector3 {
  return [m[0] * x + m[1] * y + m[2] * z, m[3] * x + m[4] * y + m[5] * z, m[6] * x + m[7] * y + m[8] * z];
}

export function multiply(a: readonly number[], b: readonly number[]): Matrix3 {
  const entry = (row: number, column: number) =>
    a[3 * row]! * b[column]! + a[3 * row + 1]! * b[3 + column]! + a[3 * row + 2]! * b[6 + column]!;
  return [
    entry(0, 0), entry(0, 1), entry(0, 2),
    entry(1, 0), entry(1, 1), entry(1, 2),
    entry(2, 0), entry(2, 1), entry(2, 2),
  ]; // prettier-ignore
}

/** About one axis of three. */
export function rotation(about: 0 | 1 | 2, radians: number): Matrix3 {
  const [c, s] = [Math.cos(radians), Math.sin(radians)];
  if (about === 0) return [1, 0, 0, 0, c, -s, 0, s, c];
  if (about === 1) return [c, 0, s, 0, 1, 0, -s, 0, c];
  return [c, -s, 0, s, c, 0, 0, 0, 1];
}

export function determinant([a, b, c, d, e, f, g, h, i]: Matrix3): number {
  return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
}

/** Not finite where `m` is singular. */
export function inverse(m: Matrix3): Matrix3 {
  const [a, b, c, d, e, f, g, h, i] = m;
  const s = 1 / determinant(m);
  return [
    (e * i - f * h) * s,
    (c * h - b * i) * s,
    (b * f - c * e) * s,
    (f * g - d * i) * s,
    (a * i - c * g) * s,
    (c * d - a * f) * s,
    (d * h - e * g) * s,
    (b * g - a * h) * s,
    (a * e - b * d) * s,
  ];
}

function transpose([a, b, c, d, e, f, g, h, i]: Matrix3): Matrix3 {
  return [a, d, g, b, e, h, c, f, i];
}

export function column(m: Matrix3, axis: 0 | 1 | 2): Vector3 {
  return [m[axis], m[(axis + 3) as 3 | 4 | 5], m[(axis + 6) as 6 | 7 | 8]];
}

export function fromColumns([a, d, g]: Vector3, [b, e, h]: Vector3, [c, f, i]: Vector3): Matrix3 {
  return [a, b, c, d, e, f, g, h, i];
}

export const dot = (a: Vector3, b: Vector3) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

export const cross = (a: Vector3, b: Vector3): Vector3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

export const length = ([x, y, z]: Vector3) => Math.hypot(x, y, z);
export const distance = (a: Vector3, b: Vector3) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

/**
 * The orthonormal matrix nearest to an invertible `m` (its polar factor), which keeps the sign of the determinant.
 * Newton's iteration X <- (X + X^-T) / 2, Higham 1986, eq. 3.3.
 */
export function nearestOrthonormal(m: Matrix3): Matrix3 {
  let current = m;
  for (let step = 0; step < 100; step++) {
    const turned = transpose(inverse(current));
    const next = current.map((value, n) => (value + (turned[n] ?? NaN)) / 2) as unknown as Matrix3;
    const change = Math.max(...next.map((value, n) => Math.abs(value - (current[n] ?? NaN))));
    current = next;
    if (change < 1e-15) break;
  }
  return current;
}
