import { Problem } from '../../../ml/check/problem.ts';
import type { Structure } from '../../../ml/evaluation/caseScores.ts';
import type { LabelArray } from '../../../ml/volume/integerLabels.ts';

/** As many as a data set may have (`openDataset`), background left out; beyond that it is an image. */
const MOST_STRUCTURES = 255;
/** The largest value that a model's mask may hold. */
const LARGEST_VALUE = 65_535;

/** The structures of label volumes that nobody named, by rising value. */
export class FoundStructures {
  readonly #values = new Set<number>();

  /** @throws Problem 'data' where the volume holds what can be no labels. */
  add(labels: LabelArray, path: string): void {
    for (const value of labels) this.#values.add(value);
    if (this.#values.size > MOST_STRUCTURES + 1 || Math.max(...this.#values) > LARGEST_VALUE)
      throw new Problem(
        'data',
        `more than ${MOST_STRUCTURES} labels, or values above ${LARGEST_VALUE}`,
        path,
        'Use a label map, not an image.',
      );
  }

  /** @throws Problem 'data' where there is nothing but background. */
  list(where: string): readonly Structure[] {
    const values = [...this.#values].filter((value) => value !== 0).toSorted((a, b) => a - b);
    if (values.length > 0) return values.map((value) => ({ value, name: `label_${value}` }));
    throw new Problem(
      'data',
      'neither labels nor predictions show anything',
      where,
      'Give volumes with labels above 0.',
    );
  }
}

/** @throws Problem 'data' where a value is neither background nor one of the structures. */
export function checkValues(labels: LabelArray, structures: readonly Structure[], path: string): void {
  const known = new Set([0, ...structures.map(({ value }) => value)]);
  const unknown = labels.find((value) => !known.has(value));
  if (unknown !== undefined)
    throw new Problem(
      'data',
      `label value ${unknown} is not known (${[...known].join(', ')} are)`,
      path,
      'Name it in the dataset.json beside the labels, or correct the volume.',
    );
}
