import { caseName } from './caseName.ts';
import { dicomReader } from './dicom/reader.ts';
import { openImages } from './image.ts';

/**
 * What the results of an image are called: the name of its file, or of a DICOM series what it says of itself, since its files are named by
 * numbers.
 */
export async function imageName(path: string): Promise<string> {
  const place = path.replace(/#\d+$/, '');
  const isDicom = await dicomReader.handles(place).catch(() => false);
  const [source, ...others] = isDicom ? await openImages(path) : [];
  return (others.length === 0 ? source?.description.name : undefined) ?? caseName(path);
}
