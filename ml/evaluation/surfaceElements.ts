import type { Vector3 } from '../volume/grid.ts';

// How many triangles of each kind the surface has around a corner, one word of seven digits a code 0..127; code and 255 - code have the
// same surface. Kinds, by the normal's components along i, j, k in eighths of a voxel face: 111, 220, 202, 022, 400, 040, 004 (twice
// and three times 111 counted as two and three). Derived from the table in lookup_tables.py of google-deepmind/surface-distance 0.1
// (Apache-2.0, Copyright 2018 Google Inc.).
const triangles = `
0000000 1000000 1000000 0200000 1000000 0020000 2000000 3000100 1000000 2000000 0020000 3000100 0200000 3000100 3000100 0000200
1000000 0002000 2000000 3000010 2000000 3000001 3000000 6000000 2000000 1002000 1020000 4011000 1200000 4101000 4000100 3000100
1000000 2000000 0002000 3000010 2000000 1020000 1002000 4011000 2000000 3000000 3000001 6000000 1200000 4000100 4101000 3000100
0200000 3000010 3000010 0000020 1200000 4110000 4000010 3000010 1200000 4000010 4110000 3000010 0400000 1200000 1200000 0200000
1000000 2000000 2000000 1200000 0002000 3000001 1002000 4101000 2000000 3000000 1020000 4000100 3000010 6000000 4011000 3000100
0020000 3000001 1020000 4110000 3000001 0000002 4000001 3000001 1020000 4000001 0040000 1020000 4110000 3000001 1020000 0020000
2000000 3000000 1002000 4000010 1002000 4000001 0004000 1002000 3000000 4000000 4000001 3000000 4000010 3000000 1002000 2000000
3000100 6000000 4011000 3000010 4101000 3000001 1002000 0002000 4000100 3000000 1020000 2000000 1200000 2000000 2000000 1000000
`
  .trim()
  .split(/\s+/);

const normals: readonly Vector3[] = [
  [1, 1, 1],
  [2, 2, 0],
  [2, 0, 2],
  [0, 2, 2],
  [4, 0, 0],
  [0, 4, 0],
  [0, 0, 4],
];

/**
 * The size of the surface around a corner, by the code of the voxels that touch it: Float64Array of 256 areas in 3-D, of 16
 * lengths in 2-D, in the squared unit (unit) of `spacing`; 0 where all voxels are on one side.
 */
export function surfaceElements(spacing: Vector3, dimensions: 2 | 3): Float64Array {
  return dimensions === 3 ? areas(spacing) : lengths(spacing);
}

function areas([di, dj, dk]: Vector3): Float64Array {
  const sizes = normals.map(([i, j, k]) => Math.hypot(i * dj * dk, j * di * dk, k * di * dj) / 8);
  const area = (code: number) => {
    const counts = triangles[Math.min(code, 255 - code)]!;
    return sizes.reduce((sum, size, kind) => sum + Number(counts[kind]) * size, 0);
  };
  return Float64Array.from({ length: 256 }, (_, code) => area(code));
}

function lengths([di, dj]: Vector3): Float64Array {
  const slope = Math.hypot(di, dj) / 2;
  const half = [0, slope, slope, dj, slope, di, 2 * slope, slope];
  return Float64Array.from([...half, ...half.toReversed()]);
}
