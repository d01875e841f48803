import { describe, expect, it } from 'vitest';
import type { Grid } from '../../../ml/volume/grid.ts';
import { directionLetters, sideLetters } from '../../../renderer/slices/letters.ts';
import { alignedView, obliqueView, turnPlane } from '../../../renderer/slices/view.ts';

const degrees = (angle: number) => (angle * Math.PI) / 180;

// Stored LAS: the first index runs to the left, the second to the anterior side.
const grid: Grid = {
  shape: [4, 5, 6],
  spacing: [1, 2, 3],
  unit: 'mm',
  origin: [0, 0, 0],
  direction: [1, 0, 0, 0, -1, 0, 0, 0, 1],
};

describe('sideLetters', () => {
  it('says the radiological sides of the three planes', () => {
    expect(sideLetters(alignedView(grid, 'axial'))).toEqual({ left: 'R', right: 'L', top: 'A', bottom: 'P' });
    expect(sideLetters(alignedView(grid, 'coronal'))).toEqual({ left: 'R', right: 'L', top: 'S', bottom: 'I' });
    expect(sideLetters(alignedView(grid, 'sagittal'))).toEqual({ left: 'A', right: 'P', top: 'S', bottom: 'I' });
  });

  it('joins letters on an oblique plane, the nearer direction first', () => {
    const plane = turnPlane({ right: [1, 0, 0], down: [0, 1, 0], through: [0, 0, 1] }, [0, 0, 1], degrees(30));
    expect(sideLetters(obliqueView(grid, plane))).toEqual({ left: 'RA', right: 'LP', top: 'AL', bottom: 'PR' });
  });

  it('does not join letters for a tilt of less than 15 degrees', () => {
    const towardsPosterior = (angle: number) => [Math.cos(degrees(angle)), Math.sin(degrees(angle)), 0] as const;
    expect(directionLetters(towardsPosterior(14))).toBe('L');
    expect(directionLetters(towardsPosterior(16))).toBe('LP');
  });
});
