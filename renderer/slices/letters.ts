import type { Grid, Vector3 } from '../../ml/volume/grid.ts';
import { column } from '../../ml/volume/matrix.ts';

/** Anatomical directions at the four edges of a picture. */
export interface SideLetters {
  readonly left: string;
  readonly right: string;
  readonly top: string;
  readonly bottom: string;
}

const letters = [
  ['L', 'R'],
  ['P', 'A'],
  ['S', 'I'],
] as const;

/** A direction leans towards a patient axis from 15 degrees on: less is how heads lie, and would put two letters on every scan. */
const leaning = Math.sin(Math.PI / 12);

/** `L`, or `LA` where a direction runs obliquely, the nearest first. @param direction LPS unit vector. */
export function directionLetters(direction: Vector3): string {
  return ([0, 1, 2] as const)
    .filter((axis) => Math.abs(direction[axis]) >= leaning)
    .toSorted((a, b) => Math.abs(direction[b]) - Math.abs(direction[a]))
    .map((axis) => letters[axis][direction[axis] > 0 ? 0 : 1])
    .join('');
}

/** Which side of the patient lies at which edge of a view. Ask it only of scans: the sides of a photograph mean nothing. */
export function sideLetters({ direction }: Grid): SideLetters {
  const [right, down] = [column(direction, 0), column(direction, 1)];
  return {
    left: directionLetters(opposite(right)),
    right: directionLetters(right),
    top: directionLetters(opposite(down)),
    bottom: directionLetters(down),
  };
}

const opposite = ([x, y, z]: Vector3): Vector3 => [-x, -y, -z];
