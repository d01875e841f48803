import { dicomReader } from '../../../../../main/imaging/dicom/reader.ts';
import type { Image, ImageSource } from '../../../../../main/imaging/reader.ts';

const signal = new AbortController().signal;

export const openDicom = (path: string): Promise<readonly ImageSource[]> => dicomReader.open(path, { signal });

/** The only volume there. */
export async function readDicom(path: string, irregular: 'refuse' | 'resample' = 'refuse'): Promise<Image> {
  const [source, ...others] = await openDicom(path);
  if (source === undefined || others.length > 0) throw new Error(`${1 + others.length} volumes in ${path}`);
  return source.read({ signal, irregular });
}
