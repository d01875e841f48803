import { describe, expect, it } from 'vitest';
import { cornerSheets } from '../../../ml/surfaces/cornerSheets.ts';

const patterns = Array.from({ length: 256 }, (_, pattern) => pattern);

describe('cornerSheets', () => {
  it('gives each boundary face a sheet and no other, for every pattern', () => {
    for (const pattern of patterns) {
      const inside = (voxel: number) => (pattern >> voxel) & 1;
      const faces = [0, 1, 2].flatMap((axis) =>
        patterns
          .slice(0, 8)
          .map((voxel) => (voxel & (1 << axis)) === 0 && inside(voxel) !== inside(voxel | (1 << axis))),
      );
      expect(Array.from(cornerSheets[pattern]!.ofFace, (sheet) => sheet >= 0)).toEqual(faces);
    }
  });

  it('keeps sheets apart that touch in an edge or a corner only', () => {
    const count = (...voxels: number[]) =>
      cornerSheets[voxels.reduce((pattern, voxel) => pattern | (1 << voxel), 0)]!.count;
    expect([count(), count(0), count(0, 1), count(0, 1, 2, 3)]).toEqual([0, 1, 1, 1]);
    expect([count(0, 3), count(0, 7), count(0, 3, 5, 6), count(1, 2, 3, 4, 5, 6)]).toEqual([2, 2, 4, 2]);
  });

  it('moves no two sheets of a corner to the same place', () => {
    for (const { count, inward } of cornerSheets) expect(new Set(inward.map(String)).size).toBe(count);
  });
});
