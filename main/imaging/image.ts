import { Problem } from '../../ml/check/problem.ts';
import { inspectFile } from '../files/content.ts';
import { niftiReader } from './nifti/reader.ts';
import type { Image, ImageDescription, ImageReader } from './reader.ts';

/** In the order in which they are asked. */
const readers: readonly ImageReader[] = [niftiReader];

/** @throws Problem `data` where the file is missing, damaged or of no known kind, `memory` where it does not fit. */
export async function readImage(path: string): Promise<Image> {
  return (await readerOf(path)).read(path);
}

/** What `info` says of an image, from its header only. */
export async function describeImage(path: string): Promise<ImageDescription> {
  return (await readerOf(path)).describe(path);
}

async function readerOf(path: string): Promise<ImageReader> {
  await inspectFile(path);
  for (const reader of readers) if (await reader.handles(path)) return reader;
  const formats = readers.map((reader) => reader.formats).join(', ');
  throw new Problem('data', 'an image of no kind that can be read here', path, `Readable are ${formats}.`);
}
