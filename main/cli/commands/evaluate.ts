import { z } from 'zod';
import { Problem } from '../../../ml/check/problem.ts';
import { samplerNames } from '../../../ml/inference/predictSamples.ts';
import { openEngine } from '../../services/devices/openEngine.ts';
import { openDataset } from '../../datasets/openDataset.ts';
import { splitCases } from '../../datasets/splitCases.ts';
import { evaluateModel } from '../../services/evaluation/evaluateModel.ts';
import { evaluatePredictions } from '../../services/evaluation/evaluatePredictions.ts';
import { checkTarget, writeEvaluation } from '../../services/evaluation/writeEvaluation.ts';
import { findLibrary, openModelNamed } from '../../services/models/library.ts';
import { methods, resolveSettings, type Method } from '../../services/segmentation/settings.ts';
import { casesOf } from '../../training/planDataset.ts';
import { defineCommand, onCommandLine, type CommandContext } from '../command.ts';
import { evaluationEvent, evaluationText } from '../evaluationText.ts';
import { augment, fusion, device, engine, force, out, path, seed, threads, wholeNumber } from '../options.ts';
import { groupBy, memory, splits } from '../trainingOptions.ts';
import type { LabelledCase } from '../../datasets/dataset.ts';
import type { Evaluation } from '../../report/evaluation.ts';
import type { Entry } from '../../services/evaluation/contestant.ts';
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
  model: onCommandLine(z.string().min(1).optional(), {
    usage: '--model <model>',
    summary: 'the model to evaluate on the data set',
  }),
  split: onCommandLine(z.enum(['test', 'validation', 'train', 'all']).optional(), {
    usage: '--split <part>',
    summary: 'cases to evaluate on: test, validation, train or all (default: test)',
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
] as const;

type Form =
  | { readonly data: string; readonly labels: string; readonly model?: undefined }
  | { readonly data: string; readonly labels?: undefined; readonly model: string };

function checkForm(asked: Ask): Form {
  const { data, labels, model } = asked;
  const wrong = (what: string, where: string): Problem =>
    new Problem('usage', what, where, 'Give predictions and labels, or a data set and --model.');
  if (model !== undefined) {
    if (labels !== undefined) throw wrong('both labels and a model are given', '--model');
    return { data, model };
  }
  if (labels === undefined) throw wrong('neither labels nor a model is given', '[labels]');
  const idle = needModel.find((key) => asked[key] !== undefined) ?? (asked.allowSeen ? 'allowSeen' : undefined);
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
  model: string,
  { reporter, signal }: CommandContext,
): Promise<Evaluation> {
  const { entry, rival } = await openEntries(asked, model);
  const dataset = await openDataset(folder, { groupBy: asked.groupBy, splitFile: asked.splits });
  const part = asked.split ?? 'test';
  const split = splitCases(dataset, asked.seed);
  const ids = part === 'all' ? dataset.cases.map(({ id }) => id) : split[part];
  const cases: readonly LabelledCase[] = casesOf(dataset, ids);
  return evaluateModel({
    dataset,
    part: part === 'all' ? 'all labelled cases' : `${part} split`,
    cases,
    entry,
    rival,
    starts: startEntries(asked, entry.model),
    engine: await openEngine(asked.device, asked.threads),
    allowSeen: asked.allowSeen,
    tolerance: asked.tolerance,
    memoryMiB: asked.memory,
    seed: asked.seed,
    signal,
    report: reporter.progress,
  });
}

/** The pre-segmentation alone, then the chain from each start. */
function startEntries(asked: Ask, model: Model): readonly Entry[] {
  if (asked.starts === undefined) return [];
  const { seed: begin, samples, steps, sampler } = asked;
  const settings = asked.starts.map((start) =>
    resolveSettings(model, { method: 'pd-ddpm', seed: begin, samples, steps, sampler, start }),
  );
  return [resolveSettings(model, { method: 'direct', seed: begin }), ...settings].map((each) => ({
    model,
    settings: each,
  }));
}

async function openEntries(
  asked: Ask,
  name: string,
): Promise<{ readonly entry: Entry; readonly rival: Entry | undefined }> {
  const model = await openModelNamed(name, findLibrary());
  if (asked.compare === undefined && asked.compareMethod === undefined)
    return { entry: { model, settings: resolveSettings(model, asked) }, rival: undefined };
  const other = asked.compare === undefined ? model : await openModelNamed(asked.compare, findLibrary());
  return {
    entry: { model, settings: comparedSettings(asked, model, asked.method) },
    rival: { model: other, settings: comparedSettings(asked, other, asked.compareMethod ?? asked.method) },
  };
}

/** Of two models, one may draw samples and the other not: what is asked of samples is asked of the one that does. */
function comparedSettings(asked: Ask, model: Model, given: Method | undefined): Entry['settings'] {
  const method = given ?? model.description.recommended.method;
  if (method === 'direct') return resolveSettings(model, { method, seed: asked.seed });
  return resolveSettings(model, { ...asked, method, start: method === 'pd-ddpm' ? asked.start : undefined });
}
