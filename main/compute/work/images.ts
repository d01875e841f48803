import { countVoxels } from '../../../ml/evaluation/overlap.ts';
import { voxelCount } from '../../../ml/volume/grid.ts';
import { Problem } from '../../../ml/check/problem.ts';
import { gridDifference } from '../../../ml/volume/difference.ts';
import type { Image } from '../../imaging/reader.ts';
import { readImage } from '../../imaging/image.ts';
import { writeNifti } from '../../imaging/nifti/write.ts';
import { writeImage } from '../../imaging/write.ts';
import type { PieceAsked } from '../pieces.ts';
import type { Worker } from '../workContext.ts';

const writeMask: Worker<'mask:write'> = async ({ like, to, dataType, bytes }, { signal }) => {
  const { volume, geometry } = await readImage(like, { signal, irregular: 'resample' });
  const { grid } = volume;
  const Labels = dataType === 'uint8' ? Uint8Array : Uint16Array;
  const data = bytes === null ? new Labels(voxelCount(grid)) : new Labels(bytes);
  if (data.length !== voxelCount(grid))
    throw new Problem('usage', `there are ${data.length} labels for ${voxelCount(grid)} voxels`, to, 'Save it again.');
  await writeNifti(to, { grid, channels: 1, data }, { geometry, description: 'sfumato mask' });
  return null;
};

const exportImage: Worker<'image:export'> = async ({ from, to, structures, replace, dicom }, { signal, report }) => {
  const image = await readImage(from, { signal, report });
  const existing = replace ? 'replace' : 'refuse';
  const options = {
    existing,
    signal,
    dicom: dicom === null ? undefined : { ...dicom, algorithm: dicom.algorithm ?? undefined },
  } as const;
  return { lost: [...(await writeImage(to, withSegments(image, structures), options))] };
};

function withSegments(image: Image, structures: PieceAsked<'image:export'>['structures']): Image {
  if (structures === null) return image;
  const segments = structures.map(({ value, name, colour }) => ({
    value,
    layer: 0,
    name,
    colour,
    category: null,
    type: null,
  }));
  return { ...image, segments };
}

const compareMasks: Worker<'masks:compare'> = async ({ a, b, values }, { signal }) => {
  const [first, second] = [await readImage(a, { signal }), await readImage(b, { signal })];
  const difference = gridDifference(first.volume.grid, second.volume.grid);
  if (difference !== undefined)
    throw new Problem(
      'data',
      `the two are on different grids: ${difference}`,
      'segmentations',
      'Choose two of one volume.',
    );
  return countVoxels(first.volume.data, second.volume.data, values).map(({ both, predicted, reference }) => ({
    both,
    predicted,
    reference,
  }));
};

export const imageWorkers = { 'mask:write': writeMask, 'image:export': exportImage, 'masks:compare': compareMasks };
