import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { column, cross, distance, dot, length } from '../../../ml/volume/matrix.ts';
import { indexPoint, indexToWorld, worldPoint, type WorldPoint } from '../../../ml/volume/space.ts';
import { Stroke } from '../../../renderer/editing/brush.ts';
import { applyDiff, invertDiff, joinDiffs } from '../../../renderer/editing/diff.ts';
import type { Labels } from '../../../renderer/editing/labels.ts';
import { grids } from '../../ml/volume/grids.ts';
import { copyOf, free, labelVolumes } from './volumes.ts';

const empty = (grid: Labels['grid']): Labels => ({
  grid,
  channels: 1,
  data: new Uint8Array(grid.shape[0] * grid.shape[1] * grid.shape[2]),
});

function places({ grid }: Labels): WorldPoint[] {
  const [width, height, depth] = grid.shape;
  return Array.from({ length: width * height * depth }, (_, n) => {
    const row = Math.floor(n / width);
    return indexToWorld(grid, indexPoint(n % width, row % height, Math.floor(row / height)));
  });
}

/** mm from a point to the straight way between two others, in the patient: by the area of a triangle. */
function distanceToWay(point: WorldPoint, from: WorldPoint, to: WorldPoint): number {
  const minus = (a: WorldPoint, b: WorldPoint) => [a[0] - b[0], a[1] - b[1], a[2] - b[2]] as const;
  const way = minus(to, from);
  if (dot(minus(point, from), way) <= 0) return distance(point, from);
  if (dot(minus(point, to), way) >= 0) return distance(point, to);
  return length(cross(minus(point, from), way)) / length(way);
}

const fractions = fc.tuple(...[0, 1, 2].map(() => fc.double({ min: -0.2, max: 1.2, noNaN: true }))) as fc.Arbitrary<
  [number, number, number]
>;
const inGrid = ({ grid }: Labels, [a, b, c]: readonly [number, number, number]) =>
  indexToWorld(grid, indexPoint(a * grid.shape[0], b * grid.shape[1], c * grid.shape[2]));

describe('Stroke', () => {
  it('paints with a ball what lies within its radius of the way, in millimetres of the patient', () => {
    const radii = fc.double({ min: 4, max: 30, noNaN: true });
    fc.assert(
      fc.property(grids(), fractions, fractions, radii, (grid, first, second, radius) => {
        const labels = empty(grid);
        const [from, to] = [inGrid(labels, first), inGrid(labels, second)];
        const stroke = new Stroke(labels, { radius, tip: 'ball', label: 7 }, free);
        stroke.moveTo(from);
        stroke.moveTo(to);
        for (const [voxel, place] of places(labels).entries()) {
          const away = distanceToWay(place, from, to);
          if (away < radius - 1e-6) expect(labels.data[voxel]).toBe(7);
          // The way itself is painted however far the nearest voxel's centre is from it.
          if (away > radius + 1e-6 && away > Math.hypot(...grid.spacing) / 2) expect(labels.data[voxel]).toBe(0);
        }
      }),
    );
  });

  it('paints with a disc in one slice only, and there what a ball paints', () => {
    fc.assert(
      fc.property(grids(7), fractions, fractions, fc.constantFrom(...([0, 1, 2] as const)), (grid, a, b, axis) => {
        const [disc, ball] = [empty(grid), empty(grid)];
        const slice = Math.floor(grid.shape[axis] / 2);
        const inSlice = (fraction: typeof a) => {
          const index = fraction.map((part, n) => (n === axis ? slice : part * grid.shape[n]!));
          return indexToWorld(grid, indexPoint(index[0]!, index[1]!, index[2]!));
        };
        for (const [labels, tip] of [
          [disc, { across: column(grid.direction, axis) }],
          [ball, 'ball'],
        ] as const) {
          const stroke = new Stroke(labels, { radius: 6.1, tip, label: 1 }, free);
          stroke.moveTo(inSlice(a));
          stroke.moveTo(inSlice(b));
        }
        const stride = [1, grid.shape[0], grid.shape[0] * grid.shape[1]][axis]!;
        for (const [voxel, label] of disc.data.entries())
          expect(label).toBe(Math.floor(voxel / stride) % grid.shape[axis] === slice ? ball.data[voxel] : 0);
      }),
    );
  });

  it('leaves no gap with the finest brush', () => {
    const labels = empty({ ...straight, shape: [50, 40, 3] });
    const stroke = new Stroke(labels, { radius: 0.01, tip: 'ball', label: 1 }, free);
    stroke.moveTo(worldPoint(2, 3, 1));
    stroke.moveTo(worldPoint(44.4, 30.7, 1));
    const columns = new Set(
      Array.from(labels.data.keys())
        .filter((n) => labels.data[n] === 1)
        .map((n) => n % 50),
    );
    expect(columns.size).toBe(43);
  });

  it('says what changed, exactly', () => {
    fc.assert(
      fc.property(
        labelVolumes,
        fc.array(fractions, { minLength: 1, maxLength: 4 }),
        fc.nat(3),
        (labels, way, label) => {
          const before = copyOf(labels);
          const stroke = new Stroke(labels, { radius: 5, tip: 'ball', label }, free);
          const diff = joinDiffs(way.map((place) => stroke.moveTo(inGrid(labels, place))));
          const redone = copyOf(before);
          applyDiff(redone, diff);
          expect(redone.data).toEqual(labels.data);
          applyDiff(labels, invertDiff(diff));
          expect(labels.data).toEqual(before.data);
        },
      ),
    );
  });

  it('erases though painting may overwrite the background only, but for what is locked', () => {
    const labels = empty(straight);
    labels.data.fill(1);
    labels.data[0] = 2;
    const rules = { locked: new Set([2]), overwrite: 'background' } as const;
    new Stroke(labels, { radius: 99, tip: 'ball', label: 0 }, rules).moveTo(worldPoint(2, 2, 2));
    expect(Array.from(labels.data)).toEqual([2, ...new Array<number>(124).fill(0)]);
  });

  it('paints nothing with a locked structure', () => {
    const labels = empty(straight);
    const stroke = new Stroke(labels, { radius: 9, tip: 'ball', label: 2 }, { ...free, locked: new Set([2]) });
    expect(stroke.moveTo(worldPoint(2, 2, 2)).runs).toHaveLength(0);
    expect(labels.data.every((label) => label === 0)).toBe(true);
  });
});

const straight: Labels['grid'] = {
  shape: [5, 5, 5],
  spacing: [1, 1, 1],
  unit: 'mm',
  origin: [0, 0, 0],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};
