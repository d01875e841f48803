import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { encode } from 'fast-png';
import { writeNifti } from '../../../main/imaging/nifti/write.ts';
import type { Grid } from '../../../ml/volume/grid.ts';
import type { VoxelArray } from '../../../ml/volume/volume.ts';

/** The tests' own small data set: 12 hippocampi of 8 people in Decathlon layout. */
export const hippocampus = join(import.meta.dirname, '../../data/hippocampus');

export const grid: Grid = {
  shape: [4, 3, 2],
  spacing: [1, 1, 2],
  unit: 'mm',
  origin: [10, -5, 3],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};

export const ramp = () => Float32Array.from({ length: 24 }, (_, v) => v);
export const twoLabels = () => Uint8Array.from({ length: 24 }, (_, v) => v % 3);

/** Writes an image of 4 x 3 x 2 voxels a channel. */
export async function writeImage(path: string, data: VoxelArray, where: Grid = grid): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  await writeNifti(path, { grid: where, channels: data.length / 24, data }, { existing: 'replace' });
}

/** Writes an image and a label of each name. */
export async function writePairs(
  folder: string,
  names: readonly string[],
  layout: 'plain' | 'decathlon' = 'plain',
): Promise<void> {
  const [images, labels] = layout === 'plain' ? ['images', 'labels'] : ['imagesTr', 'labelsTr'];
  for (const name of names) {
    await writeImage(join(folder, images, `${name}.nii.gz`), ramp());
    await writeImage(join(folder, labels, `${name}.nii.gz`), twoLabels());
  }
}

export function writeText(path: string, content: unknown): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
}

/** Writes a picture of two pixels, the first black, the second of the numbers given (one: grey, three: a colour). */
export function writePicture(path: string, pixel: readonly number[]): void {
  mkdirSync(dirname(path), { recursive: true });
  const data = Uint8Array.of(...pixel.map(() => 0), ...pixel);
  writeFileSync(path, encode({ width: 2, height: 1, data, channels: pixel.length, depth: 8 }));
}
