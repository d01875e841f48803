import { z } from 'zod';
import { Problem } from '../../../ml/check/problem.ts';
import { samplerNames } from '../../../ml/inference/predictSamples.ts';
import { openEngine } from '../../services/devices/openEngine.ts';
import { openDataset } from '../../datasets/openDataset.ts';
import { splitCases } from '../../datasets/splitCases.ts';
import { evaluateModel } from '../../services/evaluation/evaluateModel.ts';
import { evaluatePredictions } from '../../services/evaluation/evaluatePredictions.ts';
import { checkTarget, writeEvaluation } from '../../services/evaluation/writeEvaluation.ts';
import { requireOwn, storeCalibration } from '../../services/models/storeCalibration.ts';
import { resolveMembers, type Members } from '../../services/segmentation/members.ts';
import { methods, requireExclusive, type Method } from '../../services/segmentation/settings.ts';
import { casesOf } from '../../training/planDataset.ts';
import { defineCommand, onCommandLine, type CommandContext } from '../command.ts';
import { evaluationEvent, evaluationText } from '../evaluationText.ts';
import {
  augment,
  fusion,
  device,
  engine,
  force,
  out,
  path,
  seed,
  temperature,
  threads,
  wholeNumber,
} from '../options.ts';
import { openModels } from '../segmentation.ts';
import { groupBy, memory, splits } from '../trainingOptions.ts';
import type { LabelledCase } from '../../datasets/dataset.ts';
import type { Evaluation } from '../../report/evaluation.ts';
import type { Model } from '../../services/models/folder.ts';

const ask = z.object({
  data: onCommandLine(path(), {
    usage: '<data>',
    summary: 'a data set for --model, or predicted label volumes: a folder or a file',
  }),
  labels: onCommandLine(path().optional(), {
    usage: '[labels]',
    summary: 'what the predictions should be: a folder or a file',
  }),
  out,
  model: onCommandLine(z.array(z.string().min(1)).min(1).optional(), {
    usage: '--model <model>',
    summary: 'the model to evaluate on the data set; several times: as one, their samples taken together',
    takes: 'list',
  }),
  split: onCommandLine(z.enum(['test', 'validation', 'train', 'all']).optional(), {
    usage: '--split <part>',
    summary: 'cases to evaluate on: test, validation, train or all (default: test; validation for --calibrate)',
  }),
  calibrate: onCommandLine(z.boolean().default(false), {
    usage: '--calibrate',
    summary:
      'fit a temperature to the probabilities on validation cases, and store it with the model for every later run',
  }),
  allowSeen: onCommandLine(z.boolean().default(false), {
    usage: '--allow-seen',
    summary: 'evaluate on cases that the model was trained on, too, and say so in every result',
  }),
  compare: onCommandLine(z.string().min(1).optional(), {
    usage: '--compare <model>',
    summary: 'a second model for the same cases, with paired tests',
  }),
  compareMethod: onCommandLine(z.enum(methods).optional(), {
    usage: '--compare-method <method>',
    summary: 'method of the second model; without --compare the same model by another method',
  }),
  method: onCommandLine(z.enum(methods).optional(), {
    usage: '--method <method>',
    summary: `${methods.join(', ')} (default: what each model recommends)`,
  }),
  samples: onCommandLine(wholeNumber(1, 1000).optional(), { usage: '--samples <number>', summary: 'samples to draw' }),
  steps: onCommandLine(wholeNumber(1, 100_000).optional(), { usage: '--steps <number>', summary: 'sampling steps' }),
  start: onCommandLine(z.coerce.number().gt(0).max(1).optional(), {
    usage: '--start <fraction>',
    summary: 'of the chain that pd-ddpm runs, from the pre-segmentation',
  }),
  starts: onCommandLine(
    z
      .string()
      .transform((text) => text.split(',').map(Number))
      .pipe(z.array(z.number().gt(0).max(1)).min(1).max(20))
      .optional(),
    { usage: '--starts <list>', summary: 'table Dice and time of pd-ddpm from these starts, e.g. 0.1,0.3,1' },
  ),
  sampler: onCommandLine(z.enum(samplerNames).optional(), {
    usage: '--sampler <sampler>',
    summary: samplerNames.join(', '),
  }),
  augment,
  fusion,
  temperature,
  tolerance: onCommandLine(z.coerce.number().positive().default(1), {
    usage: '--tolerance <mm>',
    summary: 'of the surface Dice, in mm (voxels where the size is not known)',
  }),
  memory,
  splits,
  groupBy,
  seed,
  threads,
  device,
  engine,
  force,
});

type Ask = z.output<typeof ask>;

export const evaluate = defineCommand({
  name: 'evaluate',
  summary: 'score predictions, or a model on the cases it was not trained on',
  ask,
  run: async (asked, context) => {
    const existing = asked.force ? 'replace' : 'refuse';
    const { data, labels, model } = checkForm(asked);
    await checkTarget(asked.out, existing);
    const evaluation =
      model === undefined
        ? await scorePredictions(asked, data, labels, context)
        : await scoreModel(asked, data, model, context);
    context.signal.throwIfAborted();
    await writeEvaluation(asked.out, evaluation, existing);
    for (const warning of evaluation.warnings) context.reporter.warn(warning);
    context.reporter.result(evaluationEvent(asked.out, evaluation), evaluationText(asked.out, evaluation));
  },
});

/** What only makes sense where a model is run. */
const needModel = [
  'split',
  'compare',
  'compareMethod',
  'method',
  'samples',
  'steps',
  'start',
  'starts',
  'sampler',
  'augment',
  'fusion',
  'temperature',
] as const;

const flags = ['allowSeen', 'calibrate'] as const;

type Form =
  | { readonly data: string; readonly labels: string; readonly model?: undefined }
  | { readonly data: string; readonly labels?: undefined; readonly model: readonly string[] };

function checkForm(asked: Ask): Form {
  const { data, labels, model } = asked;
  const wrong = (what: string, where: string): Problem =>
    new Problem('usage', what, where, 'Give predictions and labels, or a data set and --model.');
  if (model !== undefined) {
    if (labels !== undefined) throw wrong('both labels and a model are given', '--model');
    return { data, model };
  }
  if (labels === undefined) throw wrong('neither labels nor a model is given', '[labels]');
  const idle = needModel.find((key) => asked[key] !== undefined) ?? flags.find((key) => asked[key]);
  if (idle) throw wrong('this is for a model', `--${idle.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);
  return { data, labels };
}

const scorePredictions = (
  { tolerance, groupBy: pattern, splits: splitFile, seed: start }: Ask,
  predictions: string,
  labels: string,
  { reporter, signal }: CommandContext,
): Promise<Evaluation> =>
  evaluatePredictions({
    predictions,
    labels,
    tolerance,
    groupBy: pattern,
    splitFile,
    seed: start,
    signal,
    report: reporter.progress,
  });

async function scoreModel(
  asked: Ask,
  folder: string,
  model: readonly string[],
  { reporter, signal }: CommandContext,
): Promise<Evaluation> {
  const { entry, rival } = await openEntries(asked, model);
  if (asked.calibrate) refuseCalibration(asked, entry);
  const dataset = await openDataset(folder, { groupBy: asked.groupBy, splitFile: asked.splits });
  const part = asked.split ?? (asked.calibrate ? 'validation' : 'test');
  const split = splitCases(dataset, asked.seed);
  const ids = part === 'all' ? dataset.cases.map(({ id }) => id) : split[part];
  const cases: readonly LabelledCase[] = casesOf(dataset, ids);
  const evaluation = await evaluateModel({
    dataset,
    part: part === 'all' ? 'all labelled cases' : `${part} split`,
    cases,
    entry,
    rival,
    starts: startEntries(asked, entry),
    calibrate: asked.calibrate,
    engine: await openEngine(asked.device, asked.threads),
    // A model knows its validation cases, and they are what it is calibrated on.
    allowSeen: asked.allowSeen || asked.calibrate,
    tolerance: asked.tolerance,
    memoryMiB: asked.memory,
    seed: asked.seed,
    signal,
    report: reporter.progress,
  });
  const { temperature: fitted } = evaluation;
  if (fitted) await storeCalibration(entry[0].model, { ...entry[0].settings, ...fitted, cases: cases.length });
  return evaluation;
}

/** @throws Problem 'usage' where what would be fitted could not be stored, or would be fitted on cases that must stay unseen. */
function refuseCalibration({ split, augment: isAugmented }: Ask, [{ model }, ...others]: Members): void {
  requireOwn(model, '--calibrate');
  requireExclusive(model.description, '--calibrate');
  const refuse = (what: string, remedy: string): Problem => new Problem('usage', what, '--calibrate', remedy);
  if (others.length > 0 || isAugmented)
    throw refuse(
      'a temperature is stored with one model, for its plain image',
      'Leave out the other --model and --augment.',
    );
  if (split !== undefined && split !== 'validation')
    throw refuse('a temperature is fitted on validation cases', 'Leave out --split.');
}

/** The pre-segmentation alone, then the chain from each start. */
function startEntries(asked: Ask, members: Members): readonly Members[] {
  if (asked.starts === undefined) return [];
  const { seed: begin, samples, steps, sampler } = asked;
  const models = modelsOf(members);
  const chains = asked.starts.map((start) =>
    resolveMembers(models, { method: 'pd-ddpm', seed: begin, samples, steps, sampler, start }),
  );
  return [resolveMembers(models, { method: 'direct', seed: begin }), ...chains];
}

const modelsOf = ([{ model }, ...others]: Members): readonly [Model, ...Model[]] => [
  model,
  ...others.map((other) => other.model),
];

async function openEntries(
  asked: Ask,
  names: readonly string[],
): Promise<{ readonly entry: Members; readonly rival: Members | undefined }> {
  const opened = await openModels(names);
  if (asked.compare === undefined && asked.compareMethod === undefined)
    return { entry: resolveMembers(opened, plainFor(asked)), rival: undefined };
  const others = asked.compare === undefined ? opened : await openModels([asked.compare]);
  return {
    entry: comparedMembers(plainFor(asked), opened, asked.method),
    rival: comparedMembers(asked, others, asked.compareMethod ?? asked.method),
  };
}

/** What is fitted is fitted to probabilities as the model gives them. */
const plainFor = (asked: Ask): Ask => (asked.calibrate ? { ...asked, temperature: 1 } : asked);

/** Of two models, one may draw samples and the other not: what is asked of samples is asked of the one that does. */
function comparedMembers(asked: Ask, opened: readonly [Model, ...Model[]], given: Method | undefined): Members {
  const method = given ?? opened[0].description.recommended.method;
  if (method === 'direct') return resolveMembers(opened, { method, seed: asked.seed });
  return resolveMembers(opened, { ...asked, method, start: method === 'pd-ddpm' ? asked.start : undefined });
}
