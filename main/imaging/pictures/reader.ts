import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Grid, Vector3 } from '../../../ml/volume/grid.ts';
import { emptyLike } from '../../../ml/volume/emptyLike.ts';
import type { VoxelArray } from '../../../ml/volume/volume.ts';
import { Problem } from '../../../ml/check/problem.ts';
import { contentFrom, inspectFile, readStart } from '../../files/content.ts';
import { isFolder } from '../../files/folder.ts';
import { describeGrid } from '../describeGrid.ts';
import { placelessGrid } from '../placelessGrid.ts';
import { permuteAxes } from '../permuteAxes.ts';
import type { Image, ImageReader, ImageSource } from '../reader.ts';
import { jpeg } from './jpeg.ts';
import type { OpenPicture, PictureFormat, PictureHeader } from './picture.ts';
import { pictureStart } from './picture.ts';
import { png } from './png.ts';
import { tiff } from './tiff/tiff.ts';

const formats: readonly PictureFormat[] = [png, jpeg, tiff];

const pictureName = /^[^.].*\.(png|jpe?g|tiff?)$/i;

/** Pictures, and folders of them as the slices of a stack, in the natural order of their names. */
export const pictureReader: ImageReader = {
  formats: 'PNG, JPEG, TIFF and folders of them',

  async handles(path) {
    if (await isFolder(path)) return (await pictureNames(path)).length > 0;
    return (await formatOf(path)) !== undefined;
  },

  async open(path) {
    const names = (await isFolder(path)) ? await pictureNames(path) : undefined;
    const paths = names?.map((name) => join(path, name)) ?? [path];
    const pictures: OpenPicture[] = [];
    for (const one of paths) pictures.push(await openPicture(one));
    const headers = pictures.map(({ header }) => header);
    const [header] = headers;
    if (header === undefined) throw new Problem('data', 'a folder without pictures', path, 'Name another folder.');
    refuseUnequal(headers, paths);
    return [sourceOf(path, paths, pictures, header)];
  },
};

async function pictureNames(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder)).filter((name) => pictureName.test(name));
  return names.sort(new Intl.Collator('en', { numeric: true }).compare);
}

async function formatOf(path: string): Promise<PictureFormat | undefined> {
  const start = await readStart(contentFrom(await inspectFile(path), 0, false), pictureStart);
  return formats.find((format) => format.looksLike(start));
}

async function openPicture(path: string): Promise<OpenPicture> {
  const format = await formatOf(path);
  if (format !== undefined) return format.open(path);
  throw new Problem('data', 'this is no PNG, JPEG or TIFF', path, 'Take it out of the folder, or save it anew.');
}

function refuseUnequal(headers: readonly PictureHeader[], paths: readonly string[]): void {
  const [first, ...others] = headers;
  if (first === undefined) return;
  const describe = ({ width, height, components, type }: PictureHeader) =>
    `${width} x ${height} of ${components} x ${type.name}`;
  const odd = others.findIndex((other) => describe(other) !== describe(first));
  const deep = headers.findIndex(({ slices, frames }) => slices * frames > 1);
  const [path = '', oddPath = ''] = [paths[0], paths[odd + 1]];
  if (odd >= 0) {
    const what = `the pictures of a stack differ: ${describe(first)} and ${describe(others[odd]!)}`;
    throw new Problem('data', what, `${path} and ${oddPath}`, 'Keep pictures of one size and type in the folder.');
  }
  if (others.length > 0 && deep >= 0)
    throw new Problem('data', 'a stack among the pictures of a folder', paths[deep] ?? '', 'Name the stack alone.');
}

function sourceOf(
  path: string,
  paths: readonly string[],
  pictures: readonly OpenPicture[],
  header: PictureHeader,
): ImageSource {
  const { width, height, frames, components, type, spacing, lossy } = header;
  const slices = header.slices * pictures.length;
  const grid = gridOf([width, height, slices], spacing);
  const warnings = [...new Set(pictures.flatMap((picture) => picture.header.warnings))];
  if (!spacing) warnings.push('A picture does not say how large what it shows is; lengths are counted in voxels.');
  const common = { path, format: 'picture', description: basename(path), unit: null } as const;
  const read = async (): Promise<Image> => {
    const stored = await readAll(pictures);
    const volume = {
      grid,
      channels: frames * components,
      data: permuteAxes(stored, [components, width * height * slices, frames], [1, 0, 2]),
    };
    const image = {
      ...common,
      volume,
      components,
      lossy,
      files: paths,
      modality: undefined,
      geometry: undefined,
      warnings,
    };
    return header.hasAlpha ? withoutOpaqueAlpha(image) : image;
  };
  const shape = frames > 1 ? [...grid.shape, frames] : slices > 1 ? grid.shape : [width, height];
  const numbers = { shape, components, dataType: type.name, frames, files: paths.length };
  const unknown = { modality: null, transferSyntax: null, rescale: null };
  return { description: { ...common, ...numbers, ...unknown, ...describeGrid(grid), warnings }, read };
}

const gridOf = (shape: Vector3, spacing: Vector3 | undefined): Grid =>
  spacing === undefined ? placelessGrid(shape) : { ...placelessGrid(shape), spacing, unit: 'mm' };

async function readAll(pictures: readonly OpenPicture[]): Promise<VoxelArray> {
  let all: VoxelArray | undefined;
  for (const [n, picture] of pictures.entries()) {
    const values = await picture.read();
    if (pictures.length === 1) return values;
    all ??= emptyLike(values, values.length * pictures.length);
    all.set(values, n * values.length);
  }
  return all ?? new Uint8Array(0);
}

/** Where no pixel is transparent, the last component says nothing; where some are, it stays. */
function withoutOpaqueAlpha(image: Image): Image {
  const { volume, components } = image;
  const voxels = volume.data.length / volume.channels;
  const alpha = volume.data.subarray((components - 1) * voxels);
  const opaque = alpha instanceof Uint16Array ? 65535 : 255;
  if (volume.channels !== components || !(alpha as Uint8Array).every((value) => value === opaque)) {
    return {
      ...image,
      warnings: [...image.warnings, 'Some pixels are transparent; the last component says how much.'],
    };
  }
  const data = volume.data.slice(0, (components - 1) * voxels);
  const warnings = [...image.warnings, 'No pixel is transparent; the component that says so was left out.'];
  return { ...image, components: components - 1, volume: { ...volume, channels: components - 1, data }, warnings };
}
