import { Problem } from '../../ml/check/problem.ts';
import { followModel } from '../../ml/data/plan/followModel.ts';
import { initialise } from '../../ml/nn/parameters.ts';
import { adoptParameters, newIn, type Ends } from '../../ml/training/transfer/adoptParameters.ts';
import { trainingStep } from '../../ml/training/trainingStep.ts';
import { readWeights, type Model } from '../services/models/folder.ts';
import type { RunDraft } from './run.ts';
import { stepPlan } from './stepPlan.ts';

/** Any number does: the weights do not depend on it. */
const STEPS = 1;

/**
 * A training that goes on from a model instead of from random weights. Structures and channels are matched by name; where a data set names
 * none, by label value and by order. The model's folder is read and left as it is.
 *
 * @throws Problem 'model' where the model has no such network, or one that is built otherwise, 'data' where the images do not fit it.
 */
export async function startFromModel(draft: RunDraft, model: Model, allowedMiB: number): Promise<RunDraft> {
  const { description, folder, sha256 } = model;
  const entry = description.networks[draft.method];
  if (!entry)
    throw new Problem(
      'model',
      `${description.name} has no ${draft.method} network to go on from`,
      folder,
      `It has: ${Object.keys(description.networks).join(', ')}. Choose --method so, or another model.`,
    );
  const known = { ...description.plan, channels: description.channels.map(({ name }) => name), network: entry.network };
  const labels = draft.labels.map((label) => ({ ...label, name: nameOf(label, description.labels) }));
  const channels = channelNames(draft.plan.channels, known.channels);
  const plan = followModel({ ...draft.plan, channels }, description.name, known, allowedMiB);
  const followed = { ...draft, labels, plan };
  const ends = {
    from: endsOf(known.channels, description.labels, entry.network.maskChannels),
    to: endsOf(channels, labels, stepPlan({ ...followed, steps: STEPS }).config.network.maskChannels),
  };
  const { parameters } = trainingStep(stepPlan({ ...followed, steps: STEPS }).config);
  const fresh = initialise(parameters, draft.seed);
  const initial = adoptParameters(parameters, fresh, await readWeights(model, draft.method), ends);
  const init = { name: description.name, version: description.version, sha256, unknown: newNames(ends) };
  return { ...followed, init, initial };
}

/** A label that the data set has no name for is the model's of the same value. */
function nameOf({ value, name }: RunDraft['labels'][number], labels: Model['description']['labels']): string {
  const isNameless = name === `label_${value}`;
  return (isNameless ? labels.find((label) => label.value === value)?.name : undefined) ?? name;
}

/** Channels of which the model knows none by name are the model's, in their order. */
const channelNames = (channels: readonly string[], known: readonly string[]): string[] =>
  channels.length === known.length && !channels.some((name) => known.includes(name)) ? [...known] : [...channels];

/** A diffusion network sees, behind the image, one or two masks of all classes. */
function endsOf(channels: readonly string[], labels: readonly { readonly name: string }[], maskChannels: number): Ends {
  const classes = labels.map(({ name }) => name);
  const masks = Array.from({ length: maskChannels / classes.length }, (_, mask) =>
    classes.map((name) => `mask ${mask + 1} of ${name}`),
  );
  return { inputs: [...channels, ...masks.flat()], classes };
}

/** Channels and structures that start anew, in a person's words. */
const newNames = (ends: { readonly from: Ends; readonly to: Ends }): string[] =>
  newIn(ends).filter((name) => !/^mask \d of /.test(name));
