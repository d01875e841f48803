import { Problem } from '../../../ml/check/problem.ts';
import { gridDifference } from '../../../ml/volume/difference.ts';
import { integerLabels, type LabelArray } from '../../../ml/volume/integerLabels.ts';
import { readImage } from '../../imaging/image.ts';
import type { Grid } from '../../../ml/volume/grid.ts';
import type { Volume } from '../../../ml/volume/volume.ts';
import type { LabelPair } from './labelPairs.ts';

/** Label values `[k, j, i]` on one grid. */
export interface PairVoxels {
  readonly grid: Grid;
  readonly prediction: LabelArray;
  readonly reference: LabelArray;
}

/**
 * Reads both volumes of a pair. Nothing is resampled: that would change what is measured.
 *
 * @throws Problem 'data' where one cannot be read, holds more than one or no whole number a voxel, or their grids differ.
 */
export async function readPair(pair: LabelPair): Promise<PairVoxels> {
  const prediction = await readLabels(pair.prediction);
  const reference = await readLabels(pair.reference);
  const difference = gridDifference(prediction.grid, reference.grid);
  if (difference !== undefined)
    throw new Problem(
      'data',
      `prediction and label of ${pair.case} differ in ${difference}`,
      `${pair.prediction} and ${pair.reference}`,
      'Bring the prediction to the grid of the label first.',
    );
  return { grid: reference.grid, prediction: prediction.data, reference: reference.data };
}

async function readLabels(path: string): Promise<Volume<LabelArray>> {
  const { volume } = await readImage(path);
  if (volume.channels !== 1)
    throw new Problem(
      'data',
      `a label has one value a voxel, and here are ${volume.channels}`,
      path,
      'Use one label map a case.',
    );
  return integerLabels(volume, path);
}
