import { stream } from '../../ml/random/stream.ts';
import type { Dataset, Split } from './dataset.ts';
import { isLabelled } from './dataset.ts';

/** Of the groups. */
export const TEST_FRACTION = 0.2;
/** Of the groups. */
export const VALIDATION_FRACTION = 0.15;

/**
 * The data set's own split, or one made here: whole groups, a fifth of them to test and about a seventh to validation. A group's
 * place in the drawing depends on the seed and its name alone, so a case more or less moves few others.
 */
export function splitCases({ cases, split }: Pick<Dataset, 'cases' | 'split'>, seed: number): Split {
  if (split) return split;
  const labelled = cases.filter(isLabelled);
  const drawn = [...new Set(labelled.map(({ group }) => group))]
    .map((group) => ({ group, place: stream(seed, 'split', group).uniform() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ group }) => group);
  const test = drawn.length < 3 ? 0 : Math.max(1, Math.round(TEST_FRACTION * drawn.length));
  const validation = drawn.length < 2 ? 0 : Math.max(1, Math.round(VALIDATION_FRACTION * drawn.length));
  const idsOf = (groups: readonly string[]) =>
    labelled.filter(({ group }) => groups.includes(group)).map(({ id }) => id);
  return {
    test: idsOf(drawn.slice(0, test)),
    validation: idsOf(drawn.slice(test, test + validation)),
    train: idsOf(drawn.slice(test + validation)),
  };
}
