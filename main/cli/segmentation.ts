// What `segment` and `refine` share: how samples are drawn, and what is said of the result.

import { join } from 'node:path';
import { z } from 'zod';
import { invariant } from '../../ml/check/invariant.ts';
import { Problem } from '../../ml/check/problem.ts';
import { samplerNames } from '../../ml/inference/predictSamples.ts';
import { groupChannels } from '../imaging/channels.ts';
import { imageName } from '../imaging/imageName.ts';
import { openEngine } from '../services/devices/openEngine.ts';
import { segmentImages, type CaseJob, type SegmentJob } from '../services/segmentation/segmentImages.ts';
import { savable, type Written } from '../services/segmentation/write.ts';
import { onCommandLine, type CommandContext } from './command.ts';
import {
  augment,
  channel,
  fusion,
  device,
  engine,
  force,
  out,
  seed,
  temperature,
  threads,
  wholeNumber,
} from './options.ts';
import { formatTable } from './table.ts';
import { memory } from './trainingOptions.ts';
import { descriptionFile, type Model } from '../services/models/folder.ts';
import { findLibrary, listModels, openModelNamed } from '../services/models/library.ts';
import type { PriorSource } from '../services/segmentation/prior.ts';
import { isThere } from '../training/run.ts';

const save = onCommandLine(
  z
    .string()
    .default('mask,probability,entropy')
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(savable)).min(1)),
  {
    usage: '--save <list>',
    summary: `which volumes to write, of ${savable.join(',')} (the last: what the first sample believes at each step; default: mask,probability,entropy)`,
  },
);

/** Options of every command that draws samples. */
export const samplingOptions = {
  samples: onCommandLine(wholeNumber(1, 1000).optional(), { usage: '--samples <number>', summary: 'samples to draw' }),
  steps: onCommandLine(wholeNumber(1, 100_000).optional(), { usage: '--steps <number>', summary: 'sampling steps' }),
  start: onCommandLine(z.coerce.number().gt(0).max(1).optional(), {
    usage: '--start <fraction>',
    summary: 'of the chain that pd-ddpm runs, from the pre-segmentation',
  }),
  sampler: onCommandLine(z.enum(samplerNames).optional(), {
    usage: '--sampler <sampler>',
    summary: samplerNames.join(', '),
  }),
  augment,
  fusion,
  temperature,
  out,
  save,
  channel,
  memory,
  seed,
  threads,
  device,
  engine,
  force,
};

type Asked = z.output<z.ZodObject<typeof samplingOptions>>;

/** Segments and says so. */
export async function runSegmentation(
  { out: folder, save: volumes, force: isForced, memory: memoryMiB, device: on, threads: count }: Asked,
  job: Pick<SegmentJob, 'cases' | 'members' | 'prior'>,
  { reporter, signal }: CommandContext,
): Promise<void> {
  const results: Written[] = [];
  const work = segmentImages({
    ...job,
    out: folder,
    engine: await openEngine(on, count),
    save: volumes,
    existing: isForced ? 'replace' : 'refuse',
    memoryMiB,
    signal,
    report: reporter.progress,
  });
  for await (const written of work) {
    for (const warning of written.report.warnings) reporter.warn(`${written.report.case}: ${warning}`);
    results.push(written);
  }
  reporter.result(
    { results: results.map((written) => ({ folder: written.folder, ...written.report })) },
    results.map(describe).join('\n\n'),
  );
}

/** The models of a command line, at least one. */
export async function openModels(names: readonly string[]): Promise<readonly [Model, ...Model[]]> {
  const [first, ...others] = await Promise.all(names.map((name) => openModelNamed(name, findLibrary())));
  invariant(first, 'a model is named');
  return [first, ...others];
}

/** The cases of a command line: images, whose files may be sequences by their numbers, or sequences by name. */
export async function casesOf(
  images: readonly string[],
  channels: Asked['channel'],
  { description }: Model,
): Promise<readonly CaseJob[]> {
  if (channels.length === 0) {
    if (images.length === 0)
      throw new Problem(
        'usage',
        'no image is given',
        '[image...]',
        'Name one or more images, or give --channel NAME=FILE.',
      );
    return Promise.all(groupChannels(images).map(named));
  }
  if (images.length > 0)
    throw new Problem('usage', 'both images and channels are given', '--channel', 'Give one or the other.');
  const names = description.channels.map(({ name }) => name);
  const unknown = channels.find(({ name }) => !names.includes(name));
  const missing = names.find((name) => channels.every((given) => given.name !== name));
  if (unknown ?? missing)
    throw new Problem(
      'usage',
      `the model takes the channels ${names.join(', ')}`,
      '--channel',
      'Give each of them once.',
    );
  const ordered = names.map((name) => channels.find((given) => given.name === name)!);
  const name = await imageName(ordered[0]!.file);
  return [{ name, channels: ordered.map((given) => ({ name: given.name, path: given.file })) }];
}

/** A model of the library or its folder, or else a file; a file is of one image. */
export async function priorOf(nameOrPath: string, cases: readonly CaseJob[]): Promise<PriorSource> {
  if (await isModel(nameOrPath)) return { model: await openModelNamed(nameOrPath, findLibrary()) };
  if (cases.length === 1) return { file: nameOrPath };
  const what = `one mask cannot be that of ${cases.length} images`;
  throw new Problem('usage', what, `--prior ${nameOrPath}`, 'Segment them one by one, or name a model.');
}

async function isModel(nameOrPath: string): Promise<boolean> {
  const models = await listModels(findLibrary());
  const isNamed = models.some(({ model }) => !(model instanceof Problem) && model.description.name === nameOrPath);
  return isNamed || isThere(join(nameOrPath, descriptionFile));
}

/** Files grouped by their numbers are named by what those have in common. */
async function named(group: CaseJob): Promise<CaseJob> {
  const [only, ...others] = group.channels;
  return only === undefined || others.length > 0 ? group : { ...group, name: await imageName(only.path) };
}

/** Structures with their volumes, as people read them. */
export function describe({ folder, structures, report }: Written): string {
  const size = (value: number, unit: string): string =>
    unit === 'mL' ? `${value.toFixed(2)} mL` : `${Math.round(value)} voxels`;
  const rows = structures.map(({ name, volume, range, meanEntropyBits }) => [
    name,
    size(volume, range.unit),
    `${size(range.low, range.unit)} to ${size(range.high, range.unit)} (${range.range})`,
    meanEntropyBits === undefined ? 'not found' : `${meanEntropyBits.toFixed(3)} bits`,
  ]);
  const table = formatTable([['structure', 'volume', 'range', 'mean entropy'], ...rows]);
  return `${table}\n${report.method} in ${report.seconds.total.toFixed(1)} s: ${folder}`;
}
