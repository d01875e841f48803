import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../../ml/check/problem.ts';
import { fileProblem } from '../files/fileProblem.ts';

const imageName = /^(.+?)\.(nii|nii\.gz|nrrd|mha|mhd|png|jpe?g|bmp|tiff?)$/i;

/**
 * The images of a folder by their name without extension; hidden files (as macOS leaves in archives) and others are passed over.
 *
 * @throws Problem 'data' where the folder cannot be read, or two images have one name.
 */
export async function listImages(folder: string): Promise<ReadonlyMap<string, string>> {
  const images = new Map<string, string>();
  for (const file of (await list(folder)).toSorted()) {
    const name = file.startsWith('.') ? undefined : imageName.exec(file)?.[1];
    if (name === undefined) continue;
    if (images.has(name)) {
      throw new Problem('data', `two images are named ${name}`, folder, 'Keep one of them: names tell cases apart.');
    }
    images.set(name, join(folder, file));
  }
  return images;
}

async function list(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    throw fileProblem(error, folder);
  }
}
