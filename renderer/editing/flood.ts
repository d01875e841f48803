import type { Grid } from '../../ml/volume/grid.ts';
import { byFaces, withinSlices } from '../../ml/volume/connectedParts.ts';
import type { IndexPoint } from '../../ml/volume/space.ts';
import type { LabelDiff } from './diff.ts';
import { type EditRules, type Labels, offsetOf } from './labels.ts';
import { Recorder } from './recorder.ts';

export interface Flood {
  /** Where it starts: a voxel of the volume, in whole numbers. */
  readonly seed: IndexPoint;
  readonly label: number;
  /** In all directions, or in the slice across an index axis. */
  readonly extent: 'volume' | { readonly sliceAcross: 0 | 1 | 2 };
  /** No farther from the seed than this, in the grid's unit. Default no limit. */
  readonly radius?: number | undefined;
}

/**
 * Fills from a voxel to its neighbours by faces and on. With a range in the rules it goes through every voxel whose image
 * value is in the range; without, through voxels of the seed's own label. It never goes through what it may not change, but for
 * voxels that have the label already.
 */
export function floodFill(labels: Labels, flood: Flood, rules: EditRules): LabelDiff {
  const recorder = new Recorder(labels, rules);
  const { grid, data } = labels;
  const seed = offsetOf(grid, flood.seed);
  const seedLabel = data[seed]!;
  const { range } = rules;
  const isWanted = (voxel: number) =>
    range === undefined
      ? data[voxel] === seedLabel
      : range.values[voxel]! >= range.low && range.values[voxel]! <= range.high;
  const mayPass = (voxel: number) => data[voxel] === flood.label || recorder.mayChange(voxel);
  if (!recorder.mayGain(flood.label)) return recorder.take();
  const reached = spread(grid, flood, (voxel) => isWanted(voxel) && mayPass(voxel));
  for (const voxel of reached.sort()) recorder.write(voxel, flood.label);
  return recorder.take();
}

/** Offsets of all voxels that can be reached, in the order in which they are. */
function spread(
  grid: Grid,
  { seed, extent, radius = Infinity }: Flood,
  mayEnter: (voxel: number) => boolean,
): Uint32Array {
  const { shape, spacing } = grid;
  const [width, height, depth] = shape;
  const neighbours = extent === 'volume' ? byFaces : withinSlices(byFaces, extent.sliceAcross);
  const seen = new Uint8Array(width * height * depth);
  const reached: number[] = [];
  const visit = (i: number, j: number, k: number) => {
    if (i < 0 || j < 0 || k < 0 || i >= width || j >= height || k >= depth) return;
    const voxel = (k * height + j) * width + i;
    if (seen[voxel] === 1) return;
    seen[voxel] = 1;
    const [x, y, z] = [(i - seed[0]) * spacing[0], (j - seed[1]) * spacing[1], (k - seed[2]) * spacing[2]];
    if (x * x + y * y + z * z <= radius * radius && mayEnter(voxel)) reached.push(voxel);
  };
  visit(seed[0], seed[1], seed[2]);
  // The list grows while it is walked.
  for (const voxel of reached) {
    const [i, row] = [voxel % width, Math.floor(voxel / width)];
    const [j, k] = [row % height, Math.floor(row / height)];
    for (const step of neighbours) visit(i + step[0], j + step[1], k + step[2]);
  }
  return Uint32Array.from(reached);
}
