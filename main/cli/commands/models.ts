import { mkdir } from 'node:fs/promises';
import { z } from 'zod';
import { Problem } from '../../../ml/check/problem.ts';
import { fileProblem } from '../../files/fileProblem.ts';
import type { ModelDescription } from '../../services/models/description.ts';
import { exportModel } from '../../services/models/exportOnnx.ts';
import { findLibrary, listModels, openModelNamed, type Shelved } from '../../services/models/library.ts';
import { defineCommand, defineGroup, onCommandLine } from '../command.ts';
import { force, out } from '../options.ts';
import { formatTable } from '../table.ts';

const sizeOf = ({ files }: ModelDescription): number =>
  Object.values(files).reduce((total, { bytes }) => total + bytes, 0);

const formatMiB = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

function toEvent({ source, folder, model }: Shelved) {
  if (model instanceof Problem) return { source, folder, problem: model.message };
  const { name, version, task, licence, modality, networks } = model.description;
  const facts = { name, version, task, licence, modality, networks: Object.keys(networks), sha256: model.sha256 };
  return { source, folder, bytes: sizeOf(model.description), ...facts };
}

function toRow({ source, model }: Shelved): readonly string[] | undefined {
  if (model instanceof Problem) return undefined;
  const { name, version, task } = model.description;
  return [name, version, formatMiB(sizeOf(model.description)), source, task];
}

const list = defineCommand({
  name: 'list',
  summary: 'list the models of this computer',
  ask: z.object({}),
  run: async (_ask, { reporter }) => {
    const models = await listModels(findLibrary());
    for (const { model } of models) if (model instanceof Problem) reporter.warn(model.message);
    const rows = models.map(toRow).filter((row) => row !== undefined);
    const text = rows.length > 0 ? formatTable([['name', 'version', 'size', 'from', 'task'], ...rows]) : 'no models';
    reporter.result({ models: models.map(toEvent) }, text);
  },
});

function describe(model: ModelDescription, folder: string): string {
  const { plan, recommended, training } = model;
  const { method, samples, steps, sampler, start } = recommended;
  const spacing = `${plan.spacing.join(' x ')} ${plan.unit === 'mm' ? 'mm' : 'voxels'}`;
  const facts = formatTable([
    ['task', model.task],
    ['channels', model.channels.map(({ name }) => name).join(', ')],
    ['modality', model.modality],
    [
      'structures',
      model.labels
        .slice(1)
        .map(({ value, name }) => `${value} ${name}`)
        .join(', '),
    ],
    ['grid', `${spacing}, patches of ${plan.patch.join(' x ')}`],
    ['networks', Object.keys(model.networks).join(', ')],
    ['recommended', `${method}, ${samples} samples, ${steps} ${sampler} steps from ${start}`],
    ['trained on', `${training.cases} cases of ${training.dataset.name} (${training.dataset.licence})`],
    ['licence', model.licence],
    ['size', formatMiB(sizeOf(model))],
    ['folder', folder],
  ]);
  const scores = training.scores.map(({ method: by, structure, metric, mean, deviation, interval, cases }) => {
    const [low, high] = interval.map((bound) => bound.toFixed(4));
    return [by, structure, metric, mean.toFixed(4), deviation.toFixed(4), `${low}-${high}`, String(cases)];
  });
  const header = ['method', 'structure', 'metric', 'mean', 'deviation', '95 % interval', 'cases'];
  const table = scores.length > 0 ? `\n\n${formatTable([header, ...scores])}` : '';
  return `${model.name} ${model.version}, every file verified\n${facts}${table}`;
}

const show = defineCommand({
  name: 'show',
  summary: 'verify a model and say what it is',
  ask: z.object({
    model: onCommandLine(z.string().min(1), { usage: '<model>', summary: 'a name of the list, or a model folder' }),
  }),
  run: async (ask, { reporter }) => {
    const { folder, description, sha256 } = await openModelNamed(ask.model, findLibrary());
    reporter.result({ model: { ...description, folder, sha256 } }, describe(description, folder));
  },
});

const exportCommand = defineCommand({
  name: 'export',
  summary: 'write the networks of a model as .onnx files that any ONNX runtime runs',
  ask: z.object({
    model: onCommandLine(z.string().min(1), { usage: '<model>', summary: 'a name of the list, or a model folder' }),
    out,
    onnx: onCommandLine(z.literal(true), { usage: '--onnx', summary: 'as .onnx files' }),
    force,
  }),
  run: async (ask, { reporter }) => {
    const model = await openModelNamed(ask.model, findLibrary());
    await mkdir(ask.out, { recursive: true }).catch((error: unknown) => {
      throw fileProblem(error, ask.out);
    });
    const files = await exportModel(model, ask.out, ask.force ? 'replace' : 'refuse');
    reporter.result({ files }, files.join('\n'));
  },
});

export const models = defineGroup('models', 'the model library', [list, show, exportCommand]);
