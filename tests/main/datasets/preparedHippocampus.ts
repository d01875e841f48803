import type { LabelledCase } from '../../../main/datasets/dataset.ts';
import { isLabelled } from '../../../main/datasets/dataset.ts';
import { openDataset } from '../../../main/datasets/openDataset.ts';
import { prepareCache } from '../../../main/datasets/prepareCache.ts';
import type { Preparation } from '../../../ml/data/preprocess.ts';
import { hippocampus } from './folders.ts';

export const preparation: Preparation = {
  dimensions: 3,
  spacing: [1, 1, 1],
  normalisation: [{ kind: 'zscore', over: 'image' }],
};

/** Prepares the first cases of the tests' hippocampi, turning to the signal between any two. */
export async function prepareHippocampi(
  folder: string,
  count: number,
  plan = preparation,
  signal = new AbortController().signal,
): Promise<readonly LabelledCase[]> {
  const dataset = await openDataset(hippocampus);
  const cases = dataset.cases.filter(isLabelled).slice(0, count);
  await prepareCache({ folder, dataset, cases, plan, signal, report: () => undefined });
  return cases;
}
