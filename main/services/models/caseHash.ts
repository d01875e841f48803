import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/**
 * What a model remembers of a case: SHA-256 of the model's salt and the bytes of the case's images. It names nobody, and a copy under
 * another name is recognised.
 */
export async function caseHash(salt: string, images: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(salt);
  for (const image of images) await pipeline(createReadStream(image), hash, { end: false });
  return hash.digest('hex');
}
