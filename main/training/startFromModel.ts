import { Problem } from '../../ml/check/problem.ts';
import type { UNetConfig } from '../../ml/nn/unetConfig.ts';
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
  const { description, sha256 } = model;
  const network = networkOf(draft, model);
  const known = {
    ...description.plan,
    channels: description.channels.map(({ name }) => name),
    network,
    membership: network.membership,
  };
  const labels = draft.labels.map((label) => ({ ...label, name: nameOf(label, description.labels) }));
  const channels = channelNames(draft.plan.channels, known.channels);
  const plan = followModel({ ...draft.plan, channels }, description.name, known, allowedMiB);
  const followed = { ...draft, labels, plan };
  const ends = {
    from: endsOf(inSlices(known.channels, plan), description.labels, network.maskChannels),
    to: endsOf(inSlices(channels, plan), labels, stepPlan({ ...followed, steps: STEPS }).config.network.maskChannels),
  };
  const { parameters } = trainingStep(stepPlan({ ...followed, steps: STEPS }).config);
  const fresh = initialise(parameters, draft.seed);
  const initial = adoptParameters(parameters, fresh, await readWeights(model, draft.method), ends);
  const init = { name: description.name, version: description.version, sha256, unknown: newNames(ends) };
  return { ...followed, init, initial };
}

/** The network to go on from, if the training can. */
function networkOf({ method, plan, settings }: RunDraft, { description, folder }: Model): UNetConfig {
  const { name, networks } = description;
  const network = networks[method]?.network;
  const refusal = (what: string, remedy: string): Problem => new Problem('model', what, folder, remedy);
  if (!network)
    throw refusal(
      `${name} has no ${method} network to go on from`,
      `It has: ${Object.keys(networks).join(', ')}. Choose --method so, or another model.`,
    );
  if (network.kind !== 'unet')
    throw refusal(
      `${name} was imported and cannot be trained further`,
      'Train it where it was made, or go on from another model.',
    );
  if (network.membership !== plan.membership)
    throw refusal(
      `classes of ${name} are ${network.membership}, and those of this training ${plan.membership}`,
      `Say --set classes=${network.membership}, or train anew.`,
    );
  const prediction = networks.diffusion?.prediction;
  if (method === 'diffusion' && prediction !== settings.prediction)
    throw refusal(
      `${name} predicts ${prediction}, and this training ${settings.prediction}`,
      `Say --set prediction=${prediction}, or train anew.`,
    );
  return network;
}

/** A label that the data set has no name for is the model's of the same value. */
function nameOf({ value, name }: RunDraft['labels'][number], labels: Model['description']['labels']): string {
  const isNameless = name === `label_${value}`;
  return (isNameless ? labels.find((label) => label.value === value)?.name : undefined) ?? name;
}

/** Channels of which the model knows none by name are the model's, in their order. */
const channelNames = (channels: readonly string[], known: readonly string[]): string[] =>
  channels.length === known.length && !channels.some((name) => known.includes(name)) ? [...known] : [...channels];

/** What a network of two dimensions sees of each channel: the slice that it segments, and those beside it. */
const inSlices = (channels: readonly string[], { context }: Pick<RunDraft['plan'], 'context'>): string[] =>
  channels.flatMap((name) =>
    Array.from({ length: 1 + 2 * context }, (_, at) => (at === context ? name : `${name}, slice ${at - context}`)),
  );

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
