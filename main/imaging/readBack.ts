import { damaged } from '../files/atomic.ts';
import type { Image, ImageReader } from './reader.ts';
import { sameImage } from './sameImage.ts';

/**
 * Reads what was just written and compares it with what was meant.
 *
 * @param path The name it is to get, for the error.
 * @throws Problem `data` where it differs.
 */
export async function readBack(reader: ImageReader, temporary: string, image: Image, path: string): Promise<void> {
  const options = { signal: new AbortController().signal, irregular: 'refuse' } as const;
  const [source] = await reader.open(temporary, options);
  const read = await source?.read(options);
  if (read === undefined || !sameImage(read, image)) throw damaged(path);
}
