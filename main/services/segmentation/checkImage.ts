import { Problem } from '../../../ml/check/problem.ts';
import type { VoxelArray } from '../../../ml/volume/volume.ts';
import type { Image } from '../../imaging/reader.ts';
import type { ModelDescription } from '../models/description.ts';

/**
 * Refuses an image that the model cannot make sense of.
 *
 * @throws Problem 'data' for voxels that are no numbers, several numbers or all the same, 'model' where the number of sequences differs or the model
 *   needs millimetres that the image does not have.
 */
export function checkImage(
  { path, volume, components, warnings }: Pick<Image, 'path' | 'volume' | 'components' | 'warnings'>,
  description: ModelDescription,
): readonly string[] {
  const { channels, plan, name } = description;
  if (components > 1 && volume.channels !== channels.length)
    throw new Problem(
      'data',
      `every voxel is ${components} numbers (a vector or a colour), which the model ${name} cannot make sense of`,
      path,
      'Give an image of one number a voxel.',
    );
  if (volume.channels !== channels.length)
    throw new Problem(
      'model',
      `the model ${name} takes ${channels.length} ${channels.length === 1 ? 'sequence' : 'sequences'} (${channels.map((channel) => channel.name).join(', ')}), and the image has ${volume.channels}`,
      path,
      'Give one --channel NAME=FILE for each, or choose another model.',
    );
  if (plan.unit === 'mm' && volume.grid.unit !== 'mm')
    throw new Problem(
      'model',
      `the model ${name} needs to know the size of the voxels`,
      path,
      'Give an image whose header holds its spacing.',
    );
  const voxels = volume.data.length / volume.channels;
  for (const [c, channel] of channels.entries()) {
    const where = channels.length === 1 ? path : `${path}, ${channel.name}`;
    checkVoxels(where, volume.data.subarray(c * voxels, (c + 1) * voxels));
  }
  return warnings;
}

function checkVoxels(where: string, data: VoxelArray): void {
  const first = data[0];
  let isConstant = true;
  for (let v = 0; v < data.length; v++) {
    if (!Number.isFinite(data[v]))
      throw new Problem(
        'data',
        `voxel ${v} is ${data[v]}, not a number`,
        where,
        'Repair the image: every voxel must be finite.',
      );
    if (data[v] !== first) isConstant = false;
  }
  if (isConstant)
    throw new Problem('data', 'every voxel has the same value', where, 'Give an image that shows something.');
}
