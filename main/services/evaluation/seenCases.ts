import { Problem } from '../../../ml/check/problem.ts';
import { caseHash } from '../models/caseHash.ts';
import type { Dataset, LabelledCase } from '../../datasets/dataset.ts';
import type { Model } from '../models/folder.ts';

/** What a model's training says about cases. */
export interface SeenCases {
  /** Persons whom the model was trained on; undefined where the model does not say. */
  readonly groups: ReadonlySet<string> | undefined;
  readonly warnings: readonly string[];
}

export interface SeenCheck {
  readonly model: Model;
  readonly dataset: Pick<Dataset, 'cases' | 'name'>;
  /** The cases to be evaluated. */
  readonly cases: readonly LabelledCase[];
  /** Whether to go on with a warning. */
  readonly allowSeen: boolean;
  readonly signal: AbortSignal;
}

/**
 * Looks for cases that a model was trained on. All images of a person count: the left side of a person is no unseen case for a
 * model that learned the right one.
 *
 * @throws Problem 'data' where there are some and they are not allowed.
 */
export async function findSeenCases(check: SeenCheck): Promise<SeenCases> {
  const { model, dataset, cases, allowSeen } = check;
  const { name, training } = model.description;
  if (training.caseHashes.length === 0)
    return { groups: undefined, warnings: [`The model ${name} does not say which cases it was trained on.`] };
  const groups = await seenGroups(check);
  const count = cases.filter(({ group }) => groups.has(group)).length;
  if (count === 0) return { groups, warnings: [] };
  const what = `${count} of ${cases.length} cases show persons whom the model ${name} was trained on`;
  if (!allowSeen)
    throw new Problem(
      'data',
      what,
      dataset.name,
      'Only the test split of its training (the same --seed and --splits) or unseen data give honest figures; --allow-seen shows how well it fits.',
    );
  return { groups, warnings: [`${what}: figures over them say how well it fits, not how good it is.`] };
}

async function seenGroups({ model, dataset, cases, signal }: SeenCheck): Promise<ReadonlySet<string>> {
  const { salt, caseHashes } = model.description.training;
  const hashes = new Set(caseHashes);
  const groups = new Set(cases.map(({ group }) => group));
  const seen = new Set<string>();
  for (const { group, images } of dataset.cases) {
    signal.throwIfAborted();
    if (!groups.has(group) || seen.has(group)) continue;
    if (hashes.has(await caseHash(salt, images))) seen.add(group);
  }
  return seen;
}
