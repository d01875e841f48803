import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../../../ml/check/problem.ts';
import { writeFileAtomically } from '../../files/atomic.ts';
import { errorCode, fileProblem } from '../../files/fileProblem.ts';
import { refuseExisting, writeFolderAtomically } from '../../files/folder.ts';
import { evaluationFiles } from '../../report/evaluationFiles.ts';
import type { Evaluation } from '../../report/evaluation.ts';

const written: readonly string[] = ['metrics.json', 'metrics.csv', 'report.html'] satisfies (keyof ReturnType<
  typeof evaluationFiles
>)[];

/**
 * Refuses a folder that must not be replaced. Only an earlier evaluation is: a wrong name must not cost the data that is evaluated.
 *
 * @throws Problem 'data' where the folder exists, or holds anything else.
 */
export async function checkTarget(folder: string, existing: 'refuse' | 'replace'): Promise<void> {
  await refuseExisting(folder, existing);
  const other = (await list(folder)).find((name) => !written.includes(name));
  if (other !== undefined)
    throw new Problem('data', `this folder holds ${other}, which is no evaluation`, folder, 'Choose another folder.');
}

/** Writes metrics.json, metrics.csv and report.html into a folder that is whole or not there. */
export function writeEvaluation(folder: string, evaluation: Evaluation, existing: 'refuse' | 'replace'): Promise<void> {
  const fill = async (temporary: string): Promise<void> => {
    await checkTarget(folder, existing);
    for (const [name, text] of Object.entries(evaluationFiles(evaluation)))
      await writeFileAtomically(join(temporary, name), text);
  };
  return writeFolderAtomically(folder, fill, existing);
}

async function list(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw fileProblem(error, folder);
  }
}
