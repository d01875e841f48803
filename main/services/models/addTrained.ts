import { join } from 'node:path';
import { Problem } from '../../../ml/check/problem.ts';
import { copyModel } from './copy.ts';
import { openModel } from './folder.ts';
import { listModels, type Library } from './library.ts';

/**
 * Puts a trained model into the person's library under the name they gave, or that name and a number where it is taken.
 *
 * @returns The name.
 */
export async function addTrainedModel(folder: string, wanted: string, library: Library): Promise<string> {
  const trained = await openModel(folder);
  const shelved = await listModels(library);
  const taken = new Set(shelved.map(({ model }) => (model instanceof Problem ? '' : model.description.name)));
  const numbered = (number: number): string => (number === 1 ? wanted : `${wanted.slice(0, 58)}-${number}`);
  let number = 1;
  while (taken.has(numbered(number))) number++;
  const name = numbered(number);
  await copyModel(trained, join(library.own, name), name);
  return name;
}
