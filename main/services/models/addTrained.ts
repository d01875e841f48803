import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '../../files/atomic.ts';
import { writeFolderAtomically } from '../../files/folder.ts';
import { descriptionFile, openModel } from './folder.ts';
import { listModels, type Library } from './library.ts';
import { Problem } from '../../../ml/check/problem.ts';

/**
 * Puts a trained model into the person's library under the name they gave, or that name and a number where it is taken.
 *
 * @returns The name.
 */
export async function addTrainedModel(folder: string, wanted: string, library: Library): Promise<string> {
  const { description } = await openModel(folder);
  const shelved = await listModels(library);
  const taken = new Set(shelved.map(({ model }) => (model instanceof Problem ? '' : model.description.name)));
  const numbered = (number: number): string => (number === 1 ? wanted : `${wanted.slice(0, 58)}-${number}`);
  let number = 1;
  while (taken.has(numbered(number))) number++;
  const name = numbered(number);
  await writeFolderAtomically(join(library.own, name), async (temporary) => {
    for (const file of Object.keys(description.files)) await copyFile(join(folder, file), join(temporary, file));
    await writeFileAtomically(
      join(temporary, descriptionFile),
      `${JSON.stringify({ ...description, name }, null, 2)}\n`,
    );
    await openModel(temporary);
  });
  return name;
}
