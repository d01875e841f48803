import type { Matrix3, Vector3 } from '../../ml/volume/grid.ts';

/** Three numbers as a vector. */
export function vector3(values: readonly number[]): Vector3 {
  const [x, y, z, ...more] = values;
  if (x === undefined || y === undefined || z === undefined || more.length > 0) throw new Error('not three numbers');
  return [x, y, z];
}

/** Nine numbers, row-major, as a matrix. */
export function matrix3(values: readonly number[]): Matrix3 {
  const [first, second, third] = [vector3(values.slice(0, 3)), vector3(values.slice(3, 6)), vector3(values.slice(6))];
  return [...first, ...second, ...third];
}
