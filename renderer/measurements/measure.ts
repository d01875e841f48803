import type { Grid, Vector3 } from '../../ml/volume/grid.ts';
import { cross, distance, dot, length } from '../../ml/volume/matrix.ts';
import type { WorldPoint } from '../../ml/volume/space.ts';

/** A number with its unit. `voxels` only where the file knows no size. */
export interface Measurement {
  readonly value: number;
  readonly unit: 'mm' | 'mm²' | 'voxels' | 'voxels²' | '°';
}

/** @param grid Of the image measured in: tells whether sizes are known. */
export function measureLength({ unit }: Grid, from: WorldPoint, to: WorldPoint): Measurement {
  return { value: distance(from, to), unit: unit === 'mm' ? 'mm' : 'voxels' };
}

/**
 * The angle at `vertex`, in [0, 180] degrees; `undefined` where an arm has no length, or sizes are unknown: voxels may not be square.
 */
export function measureAngle(
  { unit }: Grid,
  first: WorldPoint,
  vertex: WorldPoint,
  second: WorldPoint,
): Measurement | undefined {
  const [a, b] = [subtract(first, vertex), subtract(second, vertex)];
  if (unit === 'voxel' || length(a) === 0 || length(b) === 0) return undefined;
  // By the arctangent: the arccosine is blind near 0 and 180 degrees.
  return { value: (Math.atan2(length(cross(a, b)), dot(a, b)) * 180) / Math.PI, unit: '°' };
}

/** The area inside a flat polygon, whichever way it runs and however it lies (Newell's method). */
export function measureArea({ unit }: Grid, outline: readonly WorldPoint[]): Measurement {
  const origin = outline[0] ?? [0, 0, 0];
  const sum = outline.reduce<Vector3>(
    (total, point, n) => {
      const next = outline[(n + 1) % outline.length] ?? point;
      const [x, y, z] = cross(subtract(point, origin), subtract(next, origin));
      return [total[0] + x, total[1] + y, total[2] + z];
    },
    [0, 0, 0],
  );
  return { value: length(sum) / 2, unit: unit === 'mm' ? 'mm²' : 'voxels²' };
}

/** `12.3 mm`, `45.0°`, `120 voxels`. */
export function formatMeasurement({ value, unit }: Measurement): string {
  return unit === '°' ? `${value.toFixed(1)}°` : `${value.toFixed(1)} ${unit}`;
}

const subtract = (a: Vector3, b: Vector3): Vector3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
