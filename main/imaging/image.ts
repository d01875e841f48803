import { lstat } from 'node:fs/promises';
import { Problem } from '../../ml/check/problem.ts';
import { fileProblem } from '../files/fileProblem.ts';
import { dicomReader } from './dicom/reader.ts';
import { chooseVolume, onlyImage } from './chooseVolume.ts';
import { metaImageReader } from './metaimage/reader.ts';
import { niftiReader } from './nifti/reader.ts';
import { nrrdReader } from './nrrd/reader.ts';
import { pictureReader } from './pictures/reader.ts';
import type { Image, ImageDescription, ImageReader, ImageSource, OpenOptions, ReadOptions } from './reader.ts';

/** In the order in which they are asked. */
const readers: readonly ImageReader[] = [dicomReader, niftiReader, nrrdReader, metaImageReader, pictureReader];

/**
 * The volumes of a file or folder, from headers only; `PATH#N` is the Nth of them, from 1. (A file really named so is
 * preferred.)
 *
 * @throws Problem `data` where the path is missing, damaged or of no known kind, or has no Nth volume.
 */
export async function openImages(path: string, options: Partial<OpenOptions> = {}): Promise<readonly ImageSource[]> {
  const { place, number } = await chosen(path);
  const reader = await readerOf(place);
  const found = await reader.open(place, { ...unstoppable(), ...options });
  return chooseVolume(found, place, number);
}

/**
 * The only volume of a path; segmentations beside the only image are passed over.
 *
 * @throws Problem `data` where the path is missing, damaged or of no known kind, or holds several volumes; `memory` where
 * the volume does not fit.
 */
export async function readImage(path: string, options: Partial<ReadOptions> = {}): Promise<Image> {
  const sources = await openImages(path, options);
  const only = onlyImage(sources);
  if (only !== undefined) return only.read({ ...unstoppable(), irregular: 'refuse', ...options });
  const list = sources.map(({ description }) => nameOf(description));
  const what = `there are ${list.length} volumes here: ${list.join('; ')}`;
  throw new Problem('data', what, path, 'Choose one of them by its number, PATH#N.');
}

/** What `info` says of each volume of a path, from headers only. */
export async function describeImages(
  path: string,
  options: Partial<OpenOptions> = {},
): Promise<readonly ImageDescription[]> {
  return (await openImages(path, options)).map(({ description }) => description);
}

const unstoppable = () => ({ signal: new AbortController().signal });

function nameOf({ path, modality, description, shape }: ImageDescription): string {
  const words = [path.slice(path.lastIndexOf('#')), modality ?? '', description, shape.join(' x ')];
  return words.filter((word) => word !== '').join(' ');
}

async function chosen(path: string): Promise<{ place: string; number?: number }> {
  const [, place, number] = /^(.+)#(\d+)$/.exec(path) ?? [];
  if (place === undefined || (await lstat(path).catch(() => undefined)) !== undefined) return { place: path };
  return { place, number: Number(number) };
}

async function readerOf(path: string): Promise<ImageReader> {
  await lstat(path).catch((error: unknown) => {
    throw fileProblem(error, path);
  });
  for (const reader of readers) if (await reader.handles(path)) return reader;
  const formats = readers.map((reader) => reader.formats).join(', ');
  throw new Problem('data', 'an image of no kind that can be read here', path, `Readable are ${formats}.`);
}
