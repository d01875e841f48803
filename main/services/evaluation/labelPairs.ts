import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Problem } from '../../../ml/check/problem.ts';
import { listImages } from '../../datasets/listImages.ts';
import { fileProblem } from '../../files/fileProblem.ts';
import { caseName } from '../../imaging/caseName.ts';

/** A predicted label volume and what it should be. */
export interface LabelPair {
  readonly case: string;
  readonly prediction: string;
  readonly reference: string;
}

export interface LabelPairs {
  readonly pairs: readonly LabelPair[];
  /** The folder that the references lie in. */
  readonly folder: string;
  readonly warnings: readonly string[];
}

/**
 * Pairs label volumes by the names of their cases: two files, or two folders, of which the first may hold what `segment` leaves
 * (`CASE/mask.nii.gz`).
 *
 * @throws Problem 'usage' for a file and a folder, 'data' where a label has no prediction.
 */
export async function findPairs(predictions: string, labels: string): Promise<LabelPairs> {
  const [predicted, actual] = [await isFolder(predictions), await isFolder(labels)];
  if (predicted !== actual)
    throw new Problem(
      'usage',
      'one is a file and the other a folder',
      `${predictions} and ${labels}`,
      'Give two folders or two files.',
    );
  if (!predicted) {
    const pair = { case: caseName(labels), prediction: predictions, reference: labels };
    return { pairs: [pair], folder: dirname(labels), warnings: [] };
  }
  return pairFolders(predictions, await listPredictions(predictions), labels, byCase(await listImages(labels), labels));
}

function pairFolders(
  predictions: string,
  predicted: ReadonlyMap<string, string>,
  labels: string,
  references: ReadonlyMap<string, string>,
): LabelPairs {
  if (references.size === 0)
    throw new Problem('data', 'there is no label volume', labels, 'Name the folder that holds them, such as labelsTr.');
  const missing = [...references.keys()].filter((name) => !predicted.has(name));
  if (missing[0] !== undefined)
    throw new Problem(
      'data',
      `there is no prediction for ${missing[0]}${missing.length === 1 ? '' : ` and for ${missing.length - 1} more of ${references.size} labels`}`,
      predictions,
      'Add it, or leave its label out: a figure over some of the cases is none over all.',
    );
  const unpaired = [...predicted.keys()].filter((name) => !references.has(name));
  return {
    pairs: [...references].map(([name, reference]) => ({ case: name, prediction: predicted.get(name)!, reference })),
    folder: labels,
    warnings:
      unpaired[0] === undefined
        ? []
        : [`${unpaired.length} of ${predicted.size} predictions have no label and are left out, ${unpaired[0]} first.`],
  };
}

/** Label volumes in the folder itself, or else what `segment` left there. */
async function listPredictions(folder: string): Promise<ReadonlyMap<string, string>> {
  const files = byCase(await listImages(folder), folder);
  if (files.size > 0) return files;
  const entries = await readdir(folder, { withFileTypes: true });
  const masks = new Map<string, string>();
  for (const { name } of entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))) {
    const mask = join(folder, name, 'mask.nii.gz');
    if (await isThere(mask)) masks.set(name, mask);
  }
  return masks;
}

/** By the names that `segment` gives to cases. */
function byCase(images: ReadonlyMap<string, string>, folder: string): ReadonlyMap<string, string> {
  const cases = new Map([...images.values()].map((path) => [caseName(path), path]));
  if (cases.size === images.size) return cases;
  throw new Problem(
    'data',
    'two files stand for one case',
    folder,
    'Give them names that differ in letters or digits.',
  );
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    throw fileProblem(error, path);
  }
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
