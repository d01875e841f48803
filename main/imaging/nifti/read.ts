import { access } from 'node:fs/promises';
import { basename } from 'node:path';
import { Problem } from '../../../ml/check/problem.ts';
import type { Vector3 } from '../../../ml/volume/grid.ts';
import { voxelCount } from '../../../ml/volume/grid.ts';
import type { Volume } from '../../../ml/volume/volume.ts';
import type { FileFacts } from '../../files/content.ts';
import { inspectFile, readBytes, readStart } from '../../files/content.ts';
import { permuteAxes } from '../permuteAxes.ts';
import { placeAnalyze } from './analyze.ts';
import type { Placement } from './geometry.ts';
import { placeVoxels } from './geometry.ts';
import type { NiftiHeader } from './header.ts';
import { largestHeader, parseHeader } from './header.ts';
import { decodeVoxels } from './voxels.ts';

/** What can be said of a NIfTI image without reading its voxels. */
export interface NiftiFacts {
  readonly header: NiftiHeader;
  readonly placement: Placement;
  /** Images in a row: dim[4]. */
  readonly frames: number;
  /** Numbers a voxel: of the data type (RGB) times dim[5] and beyond. */
  readonly components: number;
  /** Where the header and the voxels are; the same file but for a .hdr/.img pair. */
  readonly files: readonly string[];
  readonly warnings: readonly string[];
}

export interface NiftiImage extends NiftiFacts {
  /** Channel = frame * components + component. Values are real ones: scaling has been applied, nothing else. */
  readonly volume: Volume;
}

/** A file that was opened: what its header says, and its voxels for the asking. */
export interface OpenNifti {
  readonly facts: NiftiFacts;
  readonly readVolume: () => Promise<Volume>;
}

/**
 * Reads a .nii, .nii.gz or .hdr/.img pair (either name), NIfTI-1 or -2 or ANALYZE 7.5, of either byte order.
 *
 * @throws Problem `data` where the file is missing, cut off, damaged or of a kind not supported, `memory` where its voxels do
 * not fit.
 */
export async function readNifti(path: string): Promise<NiftiImage> {
  const { facts, readVolume } = await openNifti(path);
  return { ...facts, volume: await readVolume() };
}

/**
 * Reads the header only, and checks that the file is large enough for what it claims, as far as can be known without
 * unpacking it.
 */
export async function readNiftiHeader(path: string): Promise<NiftiFacts> {
  return (await openNifti(path)).facts;
}

export async function openNifti(path: string): Promise<OpenNifti> {
  const headerFile = await inspectFile(await headerPath(path));
  const header = parseHeader(await readStart(headerFile, largestHeader), headerFile.path);
  const voxels = header.pair ? await inspectFile(await voxelPath(headerFile.path)) : headerFile;
  if (voxels.mostBytes < header.voxelOffset + header.voxelBytes) throw cutOff(header, voxels.size, voxels.path);
  const [i = 1, j = 1, k = 1, frames = 1, ...further] = header.dimensions;
  const shape: Vector3 = [i, j, k];
  const placement = header.version === 0 ? placeAnalyze(header.geometry, shape) : placeVoxels(header.geometry, shape);
  const warnings = [...header.warnings, ...placement.warnings];
  if (/\.gz$/i.test(voxels.path) && !voxels.compressed) warnings.push('The file is named .gz but is not compressed.');
  const components = further.reduce((product, size) => product * size, header.dataType.components);
  const files = [...new Set([headerFile.path, voxels.path])];
  const facts = { header, placement, frames, components, files, warnings };
  return { facts, readVolume: () => readVolume(facts, voxels, path) };
}

async function readVolume({ header, placement, frames, components }: NiftiFacts, voxels: FileFacts, path: string) {
  const { dataType, voxelOffset, voxelBytes } = header;
  if (dataType.number === undefined) {
    const what = `voxels of type ${dataType.name} are not supported`;
    throw new Problem('data', what, path, 'Convert it to real numbers of at most 64 bits, e.g. magnitude and phase.');
  }
  const bytes = await readBytes(voxels, voxelOffset, voxelBytes);
  if (bytes.length < voxelBytes) throw cutOff(header, voxelOffset + bytes.length, voxels.path);
  // The file has colours fastest and vectors (dim[5] and beyond) slowest; a volume has voxels, components, frames.
  const colours = dataType.components;
  const sizes = [colours, voxelCount(placement.grid), frames, components / colours];
  const data = permuteAxes(decodeVoxels(bytes, header, path), sizes, [1, 0, 3, 2]);
  return { grid: placement.grid, channels: frames * components, data };
}

function cutOff({ dimensions, dataType, voxelOffset, voxelBytes }: NiftiHeader, size: number, path: string): Problem {
  const needed = `${dimensions.join(' x ')} voxels of ${dataType.name} need ${voxelOffset + voxelBytes} bytes`;
  return new Problem(
    'data',
    `the file is cut off: ${needed}, and it has ${size}`,
    path,
    'Copy or download the file again.',
  );
}

/** A pair may be named by either of its files. */
async function headerPath(path: string): Promise<string> {
  return /\.img(\.gz)?$/i.test(path) ? sibling(path, '.hdr') : path;
}

const voxelPath = (path: string) => sibling(path, '.img');

async function sibling(path: string, extension: '.hdr' | '.img'): Promise<string> {
  const stem = path.replace(/\.(hdr|img)(\.gz)?$/i, '');
  const names = [extension, `${extension}.gz`, extension.toUpperCase()].map((end) => stem + end);
  for (const name of names)
    if (
      await access(name).then(
        () => true,
        () => false,
      )
    )
      return name;
  const what = `the other file of this .hdr/.img pair, ${basename(names[0] ?? extension)}, is missing`;
  throw new Problem('data', what, path, 'Put both files into one folder.');
}
