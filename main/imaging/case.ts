import { Problem } from '../../ml/check/problem.ts';
import { gridDifference } from '../../ml/volume/difference.ts';
import { emptyLike } from '../../ml/volume/emptyLike.ts';
import type { VoxelArray } from '../../ml/volume/volume.ts';
import { readImage } from './image.ts';
import type { Image, ReadOptions } from './reader.ts';

/** One sequence of a case, e.g. T1. */
export interface CaseChannel {
  readonly name: string;
  readonly path: string;
}

/**
 * Reads the sequences of one case into one image whose channels follow the order given. Its description and header geometry
 * are those of the first; voxels of different types become float32.
 *
 * @throws Problem `data` where the grids differ, naming both files and what differs, or where one of several is 4-D.
 */
export async function readCase(channels: readonly CaseChannel[], options: Partial<ReadOptions> = {}): Promise<Image> {
  const images: Image[] = [];
  for (const { path } of channels) images.push(await readImage(path, options));
  const [first, ...others] = images;
  if (first === undefined) throw new Problem('usage', 'a case without images', 'channels', 'Name at least one image.');
  if (others.length === 0) return first;
  images.forEach(({ path, volume, components }) => {
    if (volume.channels === 1) return;
    const many = components > 1 ? `${components} numbers a voxel` : `${volume.channels} frames`;
    const what = `one of several sequences has ${many}`;
    throw new Problem('data', what, path, 'Give one file alone, or files of one frame and one number a voxel each.');
  });
  others.forEach(({ path, volume }) => {
    const difference = gridDifference(first.volume.grid, volume.grid);
    if (difference === undefined) return;
    const what = `the sequences of one case are on different grids: ${difference}`;
    throw new Problem('data', what, `${first.path} and ${path}`, 'Resample one to the grid of the other.');
  });
  return {
    ...first,
    segments: undefined,
    lossy: images.some(({ lossy }) => lossy),
    volume: { grid: first.volume.grid, channels: images.length, data: joined(images.map(({ volume }) => volume.data)) },
    files: images.flatMap(({ files }) => files),
    warnings: images.flatMap(({ path, warnings }) => warnings.map((warning) => `${path}: ${warning}`)),
  };
}

function joined(parts: readonly VoxelArray[]): VoxelArray {
  const [first = new Float32Array(0), ...others] = parts;
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const isOneType = others.every((part) => part.constructor === first.constructor);
  const all = isOneType ? emptyLike(first, length) : new Float32Array(length);
  parts.forEach((part, n) => {
    all.set(part, n * first.length);
  });
  return all;
}
