import { Problem } from '../../../ml/check/problem.ts';
import type { Structure } from '../../../ml/evaluation/caseScores.ts';
import { overlap, type Dataset } from '../../datasets/dataset.ts';
import type { ModelDescription } from '../models/description.ts';

/** The part of a model that says what it segments. */
interface LabelledModel {
  readonly folder: string;
  readonly description: Pick<ModelDescription, 'name' | 'labels'>;
}

export interface MatchedLabels {
  /** Of the data set, by the data set's names where it has some, else by the model's. */
  readonly structures: readonly Structure[];
  /** The model's structures that the data set does not label: they cannot be scored. */
  readonly unlabelled: readonly Structure[];
}

/**
 * Holds the labels of a model against those of a data set: a value must stand for the same structure in both.
 *
 * @throws Problem 'model' where the model does not know a label of the data set, or names it otherwise.
 */
export function matchLabels(dataset: Pick<Dataset, 'labels'>, { description, folder }: LabelledModel): MatchedLabels {
  if (overlap(dataset.labels))
    throw new Problem(
      'data',
      'the structures of the data set overlap, and are scored as one value a voxel',
      'regions_class_order of dataset.json',
      'Score the written masks against the label files: `sfumato evaluate PREDICTIONS LABELS`.',
    );
  const structures = dataset.labels.slice(1).map(({ value, name }) => {
    const own = description.labels.find((label) => label.value === value);
    if (own === undefined)
      throw new Problem(
        'model',
        `the model ${description.name} does not know label ${value} (${name}) of the data set`,
        folder,
        'Use a model of these structures, or the label values that it was trained on.',
      );
    if (isNamed({ value, name }) && isNamed(own) && plain(own.name) !== plain(name))
      throw new Problem(
        'model',
        `label ${value} is ${own.name} in the model ${description.name} and ${name} in the data set`,
        folder,
        'If they are the same structure, name it the same in dataset.json; else change the values of the labels.',
      );
    return { value, name: isNamed({ value, name }) ? name : own.name };
  });
  const unlabelled = description.labels.slice(1).filter(({ value }) => structures.every((one) => one.value !== value));
  return { structures, unlabelled };
}

/** Data sets that name nothing call their labels so. */
const isNamed = ({ value, name }: Structure): boolean => name !== `label_${value}`;

/** Spelling apart: case, hyphens and underscores. */
const plain = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
