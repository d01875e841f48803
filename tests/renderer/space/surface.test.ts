import { describe, expect, it } from 'vitest';
import type { Grid } from '../../../ml/volume/grid.ts';
import { labelSurfaces } from '../../../renderer/space/surface.ts';

const grid: Grid = {
  shape: [12, 12, 12],
  spacing: [2, 1, 1],
  unit: 'mm',
  origin: [100, -50, 7],
  direction: [-1, 0, 0, 0, 1, 0, 0, 0, 1],
};

/** A ball of label 3 around voxel (6, 6, 6). */
function ball(): Uint8Array {
  const labels = new Uint8Array(12 ** 3);
  for (let k = 0; k < 12; k++)
    for (let j = 0; j < 12; j++)
      for (let i = 0; i < 12; i++) if (Math.hypot(i - 6, j - 6, k - 6) < 4) labels[(k * 12 + j) * 12 + i] = 3;
  return labels;
}

describe('labelSurfaces', () => {
  it('lies around its structure in LPS millimetres', () => {
    const [surface, ...others] = labelSurfaces({ grid, labels: ball(), values: [1, 3] });
    expect(others).toEqual([]);
    const { positions, value } = surface!;
    expect(value).toBe(3);
    const mean = [0, 1, 2].map((axis) => {
      const along = positions.filter((_, n) => n % 3 === axis);
      return along.reduce((sum, x) => sum + x, 0) / along.length;
    });
    // Voxel (6, 6, 6): 100 - 2 * 6, -50 + 6, 7 + 6.
    expect(mean[0]).toBeCloseTo(88, 0);
    expect(mean[1]).toBeCloseTo(-44, 0);
    expect(mean[2]).toBeCloseTo(13, 0);
  });

  it('has normals that point away from the middle, as light needs them, also on left-handed axes', () => {
    const [surface] = labelSurfaces({ grid, labels: ball(), values: [3] });
    const { positions, normals } = surface!;
    let outward = 0;
    for (let v = 0; v < positions.length; v += 3) {
      const [x, y, z] = [positions[v]! - 88, positions[v + 1]! + 44, positions[v + 2]! - 13];
      if (x * normals[v]! + y * normals[v + 1]! + z * normals[v + 2]! > 0) outward++;
    }
    expect(outward / (positions.length / 3)).toBeGreaterThan(0.99);
  });
});
