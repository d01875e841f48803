import { invariant } from '../../../ml/check/invariant.ts';
import { Problem } from '../../../ml/check/problem.ts';
import { gridDifference } from '../../../ml/volume/difference.ts';
import { voxelCount } from '../../../ml/volume/grid.ts';
import type { Volume } from '../../../ml/volume/volume.ts';
import { damaged, writeFileAtomically } from '../../files/atomic.ts';
import { inspectFile, readChunks } from '../../files/content.ts';
import { gzip } from '../../files/gzip.ts';
import { bytesOf, compressionLevel } from '../bytesOf.ts';
import { permuteAxes } from '../permuteAxes.ts';
import { isColour } from './dataTypes.ts';
import { encodeGeometry } from './encodeGeometry.ts';
import { encodeHeader } from './encodeHeader.ts';
import { placeVoxels } from './geometry.ts';
import type { NiftiGeometry } from './header.ts';
import { readNiftiHeader } from './read.ts';

export interface NiftiWriteOptions {
  /** Numbers of the NIfTI that the volume belongs to, written as they are; without it both forms are made from the grid. */
  readonly geometry?: NiftiGeometry | undefined;
  /** Numbers a voxel, 1 unless said otherwise: channel = frame * components + component. Written as RGB, RGBA or a vector. */
  readonly components?: number;
  /** At most 79 bytes; nothing about a person. */
  readonly description?: string;
  /** What to do where `path` exists; `refuse` unless said otherwise. */
  readonly existing?: 'refuse' | 'replace';
}

/**
 * Writes a .nii or, by the extension, .nii.gz file in the data type of `volume.data`; frames are the 4th axis. The finished
 * file is read back and compared, voxels and places, before it gets its name.
 *
 * @throws Problem `usage` for another extension, `data` where the file cannot be written.
 */
export async function writeNifti(path: string, volume: Volume, options: NiftiWriteOptions = {}): Promise<void> {
  const { grid, channels, data } = volume;
  invariant(data.length === channels * voxelCount(grid), 'a volume has as many values as its grid has voxels');
  const isCompressed = /\.nii\.gz$/i.test(path);
  if (!isCompressed && !/\.nii$/i.test(path)) {
    throw new Problem('usage', 'a NIfTI file is named .nii or .nii.gz', path, 'Change the extension.');
  }
  const geometry = options.geometry ?? encodeGeometry(grid);
  const misplaced = difference(volume, placeVoxels(geometry, grid.shape).grid);
  invariant(misplaced === undefined, `the geometry to write is that of the volume: ${misplaced}`);
  const components = options.components ?? 1;
  const header = encodeHeader(volume, components, geometry, options.description ?? '');
  const stored = storedOrder(volume, components);
  const parts = () => fileParts(header, stored);
  const bytes = isCompressed ? gzip(parts(), compressionLevel(data)) : parts();
  const verify = async (temporary: string) => {
    const file = await inspectFile(temporary);
    if (!(await sameBytes(readChunks(file), parts()))) throw damaged(path);
    if (difference(volume, (await readNiftiHeader(temporary)).placement.grid) !== undefined) throw damaged(path);
  };
  await writeFileAtomically(path, bytes, { existing: options.existing ?? 'refuse', verify });
}

/** Colours are fastest, the components of a vector slowest. */
function storedOrder({ grid, channels, data }: Volume, components: number): Volume['data'] {
  const sizes = [voxelCount(grid), components, channels / components];
  return permuteAxes(data, sizes, isColour(data, components) ? [1, 0, 2] : [0, 2, 1]);
}

/** A NIfTI has no way to say that lengths are in voxels. */
const difference = ({ grid }: Volume, written: Volume['grid']) => gridDifference(grid, { ...written, unit: grid.unit });

function* fileParts(header: Uint8Array, stored: Volume['data']): Generator<Uint8Array, void> {
  yield header;
  yield* bytesOf(stored);
}

async function sameBytes(chunks: AsyncIterable<Uint8Array>, parts: Generator<Uint8Array, void>): Promise<boolean> {
  let part: Uint8Array = new Uint8Array(0);
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length;) {
      if (part.length === 0) part = parts.next().value ?? part;
      const length = Math.min(part.length, chunk.length - at);
      if (length === 0 || Buffer.compare(part.subarray(0, length), chunk.subarray(at, at + length)) !== 0) return false;
      part = part.subarray(length);
      at += length;
    }
  }
  return part.length === 0 && parts.next().done === true;
}
