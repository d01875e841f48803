import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '../../files/atomic.ts';
import { writeFolderAtomically } from '../../files/folder.ts';
import { descriptionFile, openModel, type Model } from './folder.ts';

/** Copies a model into a folder that is whole and verified or not there; under another name where one is given. */
export async function copyModel(
  { folder, description }: Model,
  target: string,
  name = description.name,
  existing: 'refuse' | 'replace' = 'refuse',
): Promise<Model> {
  const fill = async (temporary: string): Promise<Model> => {
    for (const file of Object.keys(description.files)) await copyFile(join(folder, file), join(temporary, file));
    const text = `${JSON.stringify({ ...description, name }, null, 2)}\n`;
    await writeFileAtomically(join(temporary, descriptionFile), text);
    return openModel(temporary);
  };
  return { ...(await writeFolderAtomically(target, fill, existing)), folder: target };
}
