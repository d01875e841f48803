import { caseName } from './caseName.ts';
import { dicomReader } from './dicom/reader.ts';
import { onlyImage } from './chooseVolume.ts';
import { openImages } from './image.ts';

/**
 * What the results of an image are called: the name of its file, or of a DICOM series what it says of itself, since its files are named by
 * numbers.
 */
export async function imageName(path: string): Promise<string> {
  const place = path.replace(/#\d+$/, '');
  const isDicom = await dicomReader.handles(place).catch(() => false);
  const only = isDicom ? onlyImage(await openImages(path)) : undefined;
  return only?.description.name ?? caseName(path);
}
