import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { Problem } from '../../../ml/check/problem.ts';
import { fileProblem } from '../../files/fileProblem.ts';
import type { ModelDescription } from '../../services/models/description.ts';
import { exportModel } from '../../services/models/exportOnnx.ts';
import { openEngine } from '../../services/devices/openEngine.ts';
import { copyModel } from '../../services/models/copy.ts';
import { openModel, type Model } from '../../services/models/folder.ts';
import { importOnnx } from '../../services/models/importOnnx.ts';
import { findLibrary, listModels, openModelNamed, removeModel, type Shelved } from '../../services/models/library.ts';
import { defineCommand, defineGroup, onCommandLine } from '../command.ts';
import { force, out, path } from '../options.ts';
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
    ...(model.calibration ?? []).map((one) => [
      'temperature',
      `${one.temperature.toFixed(2)} for ${one.method}, ${one.samples} samples, ${one.steps} steps (calibration error ${one.errorBefore.toFixed(3)} before, ${one.errorAfter.toFixed(3)} after, ${one.cases} cases)`,
    ]),
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
  summary: 'copy a model folder, or write its networks as .onnx files that any ONNX runtime runs',
  ask: z.object({
    model: onCommandLine(z.string().min(1), { usage: '<model>', summary: 'a name of the list, or a model folder' }),
    out,
    onnx: onCommandLine(z.boolean().default(false), { usage: '--onnx', summary: 'as .onnx files' }),
    force,
  }),
  run: async (ask, { reporter }) => {
    const model = await openModelNamed(ask.model, findLibrary());
    const existing = ask.force ? 'replace' : 'refuse';
    await mkdir(ask.out, { recursive: true }).catch((error: unknown) => {
      throw fileProblem(error, ask.out);
    });
    const { name } = model.description;
    const files = ask.onnx
      ? await exportModel(model, ask.out, existing)
      : [(await copyModel(model, join(ask.out, name), name, existing)).folder];
    reporter.result({ files }, files.join('\n'));
  },
});

const importCommand = defineCommand({
  name: 'import',
  summary: 'put a model folder, or a segmentor that was made elsewhere, into the library',
  ask: z.object({
    source: onCommandLine(path(), {
      usage: '<source>',
      summary: 'a model folder, or an .onnx file with one float32 input [n, channels, ...patch]',
    }),
    spec: onCommandLine(path().optional(), {
      usage: '--spec <file>',
      summary: 'what an .onnx file does not say, as JSON: name, channels, labels, patch, spacing, normalisation, ...',
    }),
    force,
  }),
  run: async (ask, { reporter }) => {
    const { folder, description, sha256 } = await importModel(ask);
    reporter.result({ model: { ...description, folder, sha256 } }, describe(description, folder));
  },
});

async function importModel(ask: { source: string; spec?: string | undefined; force: boolean }): Promise<Model> {
  const { source, spec, force: isForced } = ask;
  const library = findLibrary();
  const existing = isForced ? 'replace' : 'refuse';
  if (!source.toLowerCase().endsWith('.onnx')) {
    if (spec !== undefined)
      throw new Problem('usage', 'a model folder describes itself', '--spec', 'Leave it out, or give an .onnx file.');
    const model = await openModel(source);
    const { name } = model.description;
    return copyModel(model, join(library.own, name), name, existing);
  }
  if (spec === undefined)
    throw new Problem('usage', 'an .onnx file does not say what its numbers mean', '--spec', 'Describe it in JSON.');
  return importOnnx(source, spec, library, await openEngine('cpu', availableParallelism()), existing);
}

const remove = defineCommand({
  name: 'remove',
  summary: 'remove a model of your own from the library',
  ask: z.object({
    model: onCommandLine(z.string().min(1), { usage: '<model>', summary: 'a name of the list' }),
  }),
  run: async (ask, { reporter }) => {
    const folder = await removeModel(ask.model, findLibrary());
    reporter.result({ folder }, `removed ${folder}`);
  },
});

export const models = defineGroup('models', 'the model library', [list, show, importCommand, exportCommand, remove]);
