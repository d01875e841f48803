import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import type { VoxelArray } from '../../../../ml/volume/volume.ts';
import { emptyLike } from '../../../../ml/volume/emptyLike.ts';
import { inspectFile } from '../../../files/content.ts';
import { permuteAxes } from '../../permuteAxes.ts';
import type { OpenPicture, PictureFormat, PictureHeader } from '../picture.ts';
import { brokenPicture } from '../picture.ts';
import { readDirectories, tiffTags } from './directory.ts';
import type { ImageJStack } from './imageJ.ts';
import { readImageJ } from './imageJ.ts';
import type { TiffPage } from './page.ts';
import { describePage, readPage } from './page.ts';

/** TIFF 6.0: strips or tiles, plain, LZW, deflate or PackBits, 1 to 64 bits; pages of one size are the slices of a stack. */
export const tiff: PictureFormat = {
  // 43 is BigTIFF, which is refused by name.
  looksLike: ([a, b, c, d]) =>
    a === b && ((a === 0x49 && (c === 42 || c === 43) && d === 0) || (a === 0x4d && c === 0 && (d === 42 || d === 43))),
  open: openTiff,
};

async function withFile<T>(path: string, work: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await open(path, 'r');
  try {
    return await work(handle);
  } finally {
    await handle.close();
  }
}

async function openTiff(path: string): Promise<OpenPicture> {
  const { size } = await inspectFile(path);
  const { directories, littleEndian } = await withFile(path, (handle) => readDirectories(handle, size, path));
  // Thumbnails and the lower steps of a pyramid.
  const full = directories.filter((directory) => (directory.number(tiffTags.newSubfileType, 0) & 1) === 0);
  const pages = full.map((directory) => describePage(directory, size, path));
  const [page] = pages;
  if (page === undefined) throw brokenPicture('it has no pages of full size', path);
  if (pages.some((other) => !isAlike(other, page))) throw brokenPicture('its pages differ in size or type', path);
  const stack = stackOf(readImageJ(full[0]!), pages.length, path);
  const warnings: string[] = [];
  if (full.some((directory) => directory.number(tiffTags.orientation, 1) !== 1))
    warnings.push(
      'The file asks for its rows and columns to be turned for display; they are taken as they are stored.',
    );
  const header: PictureHeader = {
    width: page.width,
    height: page.height,
    slices: stack.slices,
    frames: stack.frames,
    components: (page.photometric === 3 ? 3 : page.samples) * stack.channels,
    hasAlpha:
      full[0]!.numbers(tiffTags.extraSamples).length > 0 && [2, 4].includes(page.samples) && stack.channels === 1,
    type: page.photometric === 3 ? { name: 'uint8', bytes: 1, array: Uint8Array } : page.type,
    spacing: stack.spacing,
    lossy: false,
    warnings,
  };
  return { header, read: () => withFile(path, (handle) => readPages(pages, stack, handle, littleEndian, size, path)) };
}

const isAlike = (a: TiffPage, b: TiffPage) =>
  a.width === b.width &&
  a.height === b.height &&
  a.samples === b.samples &&
  a.type === b.type &&
  a.photometric === b.photometric;

function stackOf(stack: ImageJStack | undefined, pages: number, path: string): ImageJStack {
  if (stack === undefined) return { channels: 1, slices: pages, frames: 1, spacing: undefined };
  const { channels, slices, frames } = stack;
  if (channels * slices * frames === pages) return stack;
  if (pages === 1)
    throw brokenPicture('a stack of more than 4 GB, which only ImageJ reads; save it as OME-TIFF or NRRD', path);
  return { channels: 1, slices: pages, frames: 1, spacing: stack.spacing };
}

async function readPages(
  pages: readonly TiffPage[],
  { channels, slices, frames }: ImageJStack,
  handle: FileHandle,
  littleEndian: boolean,
  size: number,
  path: string,
): Promise<VoxelArray> {
  let all: VoxelArray | undefined;
  for (const [n, page] of pages.entries()) {
    const stored = await readPage(page, handle, littleEndian, size, path);
    const values =
      page.photometric === 3 ? coloured(stored, page) : page.photometric === 0 ? inverted(stored, page) : stored;
    all ??= emptyLike(values, values.length * pages.length);
    all.set(values, n * values.length);
  }
  const data = all ?? new Uint8Array(0);
  // ImageJ's order of pages: channels fastest, then slices, then frames.
  const page = data.length / pages.length;
  const samples = page / (pages[0]!.width * pages[0]!.height);
  return permuteAxes(data, [samples, page / samples, channels, slices, frames], [0, 2, 1, 3, 4]);
}

/** WhiteIsZero. */
function inverted<Data extends VoxelArray>(values: Data, { bits, type }: TiffPage): Data {
  if (!type.name.startsWith('uint')) return values;
  const largest = 2 ** bits - 1;
  for (let n = 0; n < values.length; n++) values[n] = largest - values[n]!;
  return values;
}

function coloured(indices: VoxelArray, { palette, bits }: TiffPage): Uint8Array {
  const colours = 2 ** bits;
  const out = new Uint8Array(3 * indices.length);
  for (let n = 0; n < indices.length; n++)
    for (let c = 0; c < 3; c++) out[3 * n + c] = palette[c * colours + indices[n]!]! >> 8;
  return out;
}
