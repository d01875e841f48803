import { Problem } from '../../ml/check/problem.ts';
import { gridDifference } from '../../ml/volume/difference.ts';
import { integerLabels } from '../../ml/volume/integerLabels.ts';
import type { Volume, VoxelArray } from '../../ml/volume/volume.ts';
import { readCase } from '../imaging/case.ts';
import { inColour } from '../imaging/colours.ts';
import { readImage } from '../imaging/image.ts';
import { valuesInFiles, type Dataset, type DatasetCase, type LabelledCase } from './dataset.ts';

export interface CaseVoxels {
  /** All channels, intensities as in the files; finite and not constant. */
  readonly image: Volume;
  /** Classes: places in `valuesInFiles` of the data set's labels. On the grid of the image. */
  readonly label: Volume<Uint8Array>;
}

/**
 * Reads and checks one case.
 *
 * @throws Problem 'data' where a file is unreadable, grids differ, an image is constant or not finite, or a label value is
 * not a whole number or not known.
 */
export async function loadCase(
  dataset: Pick<Dataset, 'channels' | 'labels'>,
  entry: LabelledCase,
): Promise<CaseVoxels> {
  const image = await loadChannels(dataset, entry);
  const { volume } = await readImage(entry.label);
  if (volume.channels !== 1) {
    throw new Problem(
      'data',
      `a label has one value a voxel, and here are ${volume.channels}`,
      entry.label,
      'Use one label map a case.',
    );
  }
  const difference = gridDifference(image.grid, volume.grid);
  if (difference !== undefined) {
    throw new Problem(
      'data',
      `image and label of ${entry.id} differ in ${difference}`,
      entry.label,
      'Draw or resample the label on its image.',
    );
  }
  return { image, label: toClasses(volume, valuesInFiles(dataset.labels), entry.label) };
}

async function loadChannels({ channels }: Pick<Dataset, 'channels'>, entry: DatasetCase): Promise<Volume> {
  const read = await readCase(entry.images.map((path, n) => ({ name: channels[n] ?? String(n), path })));
  const volume = inColour(read.volume, channels);
  if (volume.channels !== channels.length) {
    const what = `${entry.id} has ${volume.channels} channels where the data set has ${channels.length} (${channels.join(', ')})`;
    throw new Problem('data', what, entry.images.join(', '), 'Add the missing channels, or correct dataset.json.');
  }
  const size = volume.data.length / volume.channels;
  for (let c = 0; c < volume.channels; c++) {
    const path = entry.images[c] ?? entry.images[0] ?? entry.id;
    checkIntensities(volume.data.subarray(c * size, (c + 1) * size), path);
  }
  return volume;
}

function checkIntensities(channel: VoxelArray, path: string): void {
  const first = channel[0]!;
  let isConstant = true;
  for (const value of channel) {
    if (!Number.isFinite(value)) {
      throw new Problem(
        'data',
        `a voxel is ${value}`,
        path,
        'Export the image again, or replace such voxels by the background value.',
      );
    }
    isConstant &&= value === first;
  }
  if (isConstant) {
    throw new Problem('data', `every voxel is ${first}`, path, 'Export the image again, or leave the case out.');
  }
}

function toClasses(volume: Volume, values: readonly number[], path: string): Volume<Uint8Array> {
  const classOf = new Map(values.map((value, n) => [value, n]));
  const { grid, channels, data } = integerLabels(volume, path);
  const classes = new Uint8Array(data.length);
  for (let v = 0; v < data.length; v++) {
    const found = classOf.get(data[v]!);
    if (found === undefined) {
      const known = values.join(', ');
      throw new Problem(
        'data',
        `label value ${data[v]!} is not known (${known} are)`,
        path,
        'Name it in dataset.json, or correct the label.',
      );
    }
    classes[v] = found;
  }
  return { grid, channels, data: classes };
}
