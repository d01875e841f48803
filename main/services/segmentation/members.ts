import { Problem } from '../../../ml/check/problem.ts';
import type { Model } from '../models/folder.ts';
import { resolveSettings, type AskedSettings, type SegmentationSettings } from './settings.ts';

/** A model and how it is run. */
export interface Member {
  readonly model: Model;
  readonly settings: SegmentationSettings;
}

/** One model, or several whose samples are taken together (the folds of a cross-validation). */
export type Members = readonly [Member, ...Member[]];

/**
 * The models of an ensemble, all run as the first one is.
 *
 * @param asked As for `resolveSettings`.
 * @throws Problem 'model' where one segments other structures, sees other sequences or lacks a network.
 */
export function resolveMembers(
  [first, ...others]: readonly [Model, ...Model[]],
  asked: AskedSettings,
  prior: 'own' | 'given' = 'own',
): Members {
  const settings = resolveSettings(first, asked, prior);
  for (const model of others) {
    requireSameLabels(model, first, '--model');
    requireSameChannels(model, first);
    resolveSettings(model, { ...asked, method: settings.method }, prior);
  }
  // What was fitted for one of them says nothing of their mean.
  const shared = others.length === 0 ? settings : { ...settings, temperature: asked.temperature ?? 1 };
  return [{ model: first, settings: shared }, ...others.map((model) => ({ model, settings: shared }))];
}

/** @throws Problem 'model' naming the option where two models segment different structures. */
export function requireSameLabels({ description }: Model, { description: other }: Model, option: string): void {
  const values = other.labels.map(({ value }) => value);
  if (description.labels.length === values.length && description.labels.every(({ value }, at) => value === values[at]))
    return;
  throw new Problem(
    'model',
    `${description.name} segments other structures than ${other.name}`,
    option,
    `Choose a model with the labels ${values.join(', ')}.`,
  );
}

function requireSameChannels({ description }: Model, { description: other }: Model): void {
  const namesOf = ({ channels }: Model['description']): string => channels.map(({ name }) => name).join(', ');
  if (namesOf(description) === namesOf(other)) return;
  const what = `${description.name} takes the sequences ${namesOf(description)}, and ${other.name} ${namesOf(other)}`;
  throw new Problem('model', what, '--model', 'Choose models of the same sequences.');
}
