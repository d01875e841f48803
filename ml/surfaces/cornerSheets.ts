import { invariant } from '../check/invariant.ts';
import type { Vector3 } from '../volume/grid.ts';

/**
 * What the boundary of a structure looks like around a corner that eight voxels share. Voxel `x + 2 y + 4 z` of a pattern (a bit
 * each, 1 inside) lies on the + side of the corner along the axes whose bit is set. A face there is `8 axis + voxel`, the voxel
 * being the one on its - side.
 */
export interface CornerSheets {
  /** How many sheets of surface meet at the corner; each gets a vertex of its own. */
  readonly count: number;
  /** The sheet of each of the faces, 24 entries; -1 where the face is none of the boundary. */
  readonly ofFace: Int8Array;
  /** For each sheet, the sum of the directions into the structure across its faces: no two are the same. */
  readonly inward: readonly Vector3[];
}

const axes = [0, 1, 2] as const;

/** By pattern. Voxels that touch only by an edge or a corner are kept apart, so that the surface is a manifold. */
export const cornerSheets: readonly CornerSheets[] = Array.from({ length: 256 }, (_, pattern) => sheetsOf(pattern));

function sheetsOf(pattern: number): CornerSheets {
  const isInside = (voxel: number) => ((pattern >> voxel) & 1) === 1;
  const isBoundary = (axis: number, voxel: number) => isInside(voxel) !== isInside(voxel | (1 << axis));
  const faces = axes.flatMap((axis) =>
    [0, 1, 2, 3, 4, 5, 6, 7]
      .filter((voxel) => (voxel & (1 << axis)) === 0 && isBoundary(axis, voxel))
      .map((voxel) => ({ axis, voxel, inside: isInside(voxel) ? voxel : voxel | (1 << axis) })),
  );
  type Face = (typeof faces)[number];
  const sheet = new Map(faces.map((face, n) => [face, n]));
  const join = (a: Face, b: Face) => {
    const [kept, gone] = [sheet.get(a)!, sheet.get(b)!];
    for (const [face, n] of sheet) if (n === gone) sheet.set(face, kept);
  };
  for (const axis of axes) {
    for (const side of [0, 1 << axis]) {
      const around = faces.filter((face) => face.axis !== axis && (face.voxel & (1 << axis)) === side);
      invariant(around.length % 2 === 0, 'a boundary crosses a circle an even number of times');
      for (const a of around) for (const b of around) if (around.length === 2 || a.inside === b.inside) join(a, b);
    }
  }
  const numbers = [...new Set(sheet.values())];
  const ofFace = new Int8Array(24).fill(-1);
  for (const [{ axis, voxel }, n] of sheet) ofFace[8 * axis + voxel] = numbers.indexOf(n);
  const inward = numbers.map((number) => directionInto(faces.filter((face) => sheet.get(face) === number)));
  return { count: numbers.length, ofFace, inward };
}

function directionInto(faces: readonly { axis: number; voxel: number; inside: number }[]): Vector3 {
  const along = (axis: number) =>
    faces.reduce((sum, face) => (face.axis === axis ? sum + (face.inside === face.voxel ? -1 : 1) : sum), 0);
  return [along(0), along(1), along(2)];
}
