import { join } from 'node:path';
import { expect } from 'vitest';
import { readImage } from '../../../main/imaging/image.ts';
import { voxelCount } from '../../../ml/volume/grid.ts';
import { hippocampus } from '../datasets/folders.ts';
import type { TestHost } from './testHost.ts';

export const structures = [
  { value: 1, name: 'anterior hippocampus', colour: '#e69f00', locked: false },
  { value: 2, name: 'posterior hippocampus', colour: '#56b4e9', locked: false },
];

export const scanOf = (folder: string, number: string): string =>
  join(hippocampus, folder, `hippocampus_${number}.nii.gz`);

/** Opens a scan and saves the labels of the data set as if the person had drawn them. @returns The segmentation. */
export async function drawScan({ ask }: Pick<TestHost, 'ask'>, number: string): Promise<string> {
  const [study] = (await ask('studies:open', { paths: [scanOf('imagesTr', number)] })).studies;
  const { volume } = study!.volumes[0]!;
  const { segmentation } = await ask('segmentations:create', { volume, name: 'drawn', structures });
  const labels = await readImage(scanOf('labelsTr', number));
  const bytes = Uint8Array.from(labels.volume.data).buffer;
  expect(bytes.byteLength).toBe(voxelCount(labels.volume.grid));
  await ask('segmentations:save', { segmentation, dataType: 'uint8', bytes });
  return segmentation;
}
