import type { Grid } from '../volume/grid.ts';
import type { VoxelArray } from '../volume/volume.ts';
import { cropMasks } from './maskPair.ts';
import { countVoxels, overlapOf } from './overlap.ts';
import type { Overlap } from './overlap.ts';
import { surfaceDice } from './surfaceDice.ts';
import { surfaceDistances } from './surfaceDistance.ts';

/** A label value and what it stands for. */
export interface Structure {
  readonly value: number;
  readonly name: string;
}

/** Agreement of a prediction with the reference; distances in the unit of the grid (`Grid.unit`). */
export interface Scores extends Overlap {
  /** undefined where exactly one of the masks is empty. */
  readonly hausdorff95: number | undefined;
  /** undefined where exactly one of the masks is empty. */
  readonly averageSurfaceDistance: number | undefined;
  readonly surfaceDice: number;
}

export type Metric = keyof Scores;

export const metrics: readonly Metric[] = [
  'dice',
  'iou',
  'precision',
  'recall',
  'accuracy',
  'hausdorff95',
  'averageSurfaceDistance',
  'surfaceDice',
];

export interface StructureScores extends Scores {
  readonly structure: Structure;
  readonly predictedVoxels: number;
  readonly referenceVoxels: number;
}

/**
 * Scores each structure of one case. A structure that neither mask holds agrees perfectly (1, distances 0); one that only one of them
 * holds scores 0 and has no distances.
 *
 * @param prediction,reference Integer labels `[k, j, i]` on `grid`.
 * @param structures           Without the background.
 * @param tolerance            Of the surface Dice, in the grid's unit.
 */
export function scoreCase(
  prediction: VoxelArray,
  reference: VoxelArray,
  grid: Grid,
  structures: readonly Structure[],
  tolerance: number,
): StructureScores[] {
  const values = structures.map(({ value }) => value);
  return countVoxels(prediction, reference, values).map((counts, index) => {
    const structure = structures[index]!;
    const pair = cropMasks(prediction, reference, grid, structure.value);
    const distances = pair === undefined ? { hausdorff95: 0, average: 0 } : surfaceDistances(pair);
    return {
      structure,
      predictedVoxels: counts.predicted,
      referenceVoxels: counts.reference,
      ...overlapOf(counts),
      hausdorff95: distances?.hausdorff95,
      averageSurfaceDistance: distances?.average,
      surfaceDice: pair === undefined ? 1 : surfaceDice(pair, tolerance),
    };
  });
}

/** The mean over structures, each metric over those structures that have it. */
export function meanScores(scores: readonly Scores[]): Scores {
  const mean = (metric: Metric) => {
    const values = scores.flatMap((score) => score[metric] ?? []);
    return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  return {
    dice: mean('dice') ?? 1,
    iou: mean('iou') ?? 1,
    precision: mean('precision') ?? 1,
    recall: mean('recall') ?? 1,
    accuracy: mean('accuracy') ?? 1,
    hausdorff95: mean('hausdorff95'),
    averageSurfaceDistance: mean('averageSurfaceDistance'),
    surfaceDice: mean('surfaceDice') ?? 1,
  };
}
