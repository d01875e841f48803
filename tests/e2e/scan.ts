import { join } from 'node:path';
import { readImage } from '../../main/imaging/image.ts';
import { writeImage } from '../../main/imaging/write.ts';
import { hippocampus } from '../main/datasets/folders.ts';

/** A scan of any size, its voxels all different from their neighbours: nothing about it is quick to pack. */
export async function writeScan(path: string, shape: readonly [number, number, number]): Promise<void> {
  const { volume, ...header } = await readImage(join(hippocampus, 'imagesTr', 'hippocampus_006.nii.gz'));
  const data = Int16Array.from({ length: shape[0] * shape[1] * shape[2] }, (_, n) => (n * 7919) % 2000);
  const grid = { ...volume.grid, shape };
  await writeImage(path, { ...header, volume: { grid, channels: 1, data } }, { existing: 'refuse' });
}
