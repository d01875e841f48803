import { Problem } from '../../ml/check/problem.ts';
import { dicomWriter } from './dicom/writer.ts';
import { meshWriters } from './meshes/writer.ts';
import { metaImageWriter } from './metaimage/writer.ts';
import { niftiWriter } from './nifti/writer.ts';
import { nrrdWriter } from './nrrd/writer.ts';
import { pngWriter } from './pictures/writer.ts';
import type { Image } from './reader.ts';
import type { ImageWriter, WriteOptions } from './writer.ts';

/** In the order in which they are asked. */
const writers: readonly ImageWriter[] = [
  niftiWriter,
  nrrdWriter,
  metaImageWriter,
  dicomWriter,
  ...meshWriters,
  pngWriter,
];

/** @throws Problem `usage` where no writer takes the name of the file. */
export function writerOf(path: string): ImageWriter {
  const writer = writers.find(({ handles }) => handles(path));
  if (writer !== undefined) return writer;
  const formats = writers.map((one) => one.formats).join(', ');
  throw new Problem('usage', 'this is no name of a format that can be written', path, `Writable are ${formats}.`);
}

/**
 * Writes an image in the format that its name asks for. It is read back and compared before it gets its name.
 *
 * @returns What the format cannot hold and was left out, in sentences.
 * @throws Problem `usage` where no format has such a name, `data` where the format cannot hold the image, or the file cannot
 * be written.
 */
export async function writeImage(path: string, image: Image, options: WriteOptions): Promise<readonly string[]> {
  const writer = writerOf(path);
  const refusal = writer.refuses(image, path);
  if (refusal !== undefined) throw new Problem('data', refusal.what, path, refusal.remedy);
  await writer.write(path, image, options);
  return writer.loses(image, options);
}
