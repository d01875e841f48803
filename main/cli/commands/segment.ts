import { z } from 'zod';
import { Problem } from '../../../ml/check/problem.ts';
import { samplerNames } from '../../../ml/inference/predictSamples.ts';
import { openEngine } from '../../services/devices/openEngine.ts';
import { groupChannels } from '../../imaging/channels.ts';
import { imageName } from '../../imaging/imageName.ts';
import { findLibrary, openModelNamed } from '../../services/models/library.ts';
import { segmentImages, type CaseJob } from '../../services/segmentation/segmentImages.ts';
import { methods, resolveSettings } from '../../services/segmentation/settings.ts';
import { savable, type Written } from '../../services/segmentation/write.ts';
import { defineCommand, onCommandLine } from '../command.ts';
import { channel, device, engine, force, model, out, path, seed, threads, wholeNumber } from '../options.ts';
import { formatTable } from '../table.ts';
import { memory } from '../trainingOptions.ts';
import type { Model } from '../../services/models/folder.ts';

const save = onCommandLine(
  z
    .string()
    .default('mask,probability,entropy')
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(savable)).min(1)),
  {
    usage: '--save <list>',
    summary: `which volumes to write, of ${savable.join(',')} (default: mask,probability,entropy)`,
  },
);

const ask = z.object({
  images: onCommandLine(z.array(path()).default([]), { usage: '[image...]', summary: 'images to segment' }),
  model,
  out,
  method: onCommandLine(z.enum(methods).optional(), {
    usage: '--method <method>',
    summary: `${methods.join(', ')} (default: what the model recommends)`,
  }),
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
  save,
  channel,
  memory,
  seed,
  threads,
  device,
  engine,
  force,
});

export const segment = defineCommand({
  name: 'segment',
  summary: 'segment images, with where the segmentation is unsure',
  ask,
  run: async (asked, { reporter, signal }) => {
    const opened = await openModelNamed(asked.model, findLibrary());
    const settings = resolveSettings(opened, asked);
    const cases = await casesOf(asked, opened);
    const runtime = await openEngine(asked.device, asked.threads);
    const results: Written[] = [];
    const job = {
      cases,
      out: asked.out,
      model: opened,
      engine: runtime,
      settings,
      save: asked.save,
      existing: asked.force ? ('replace' as const) : ('refuse' as const),
      memoryMiB: asked.memory,
      signal,
      report: reporter.progress,
    };
    for await (const written of segmentImages(job)) {
      for (const warning of written.report.warnings) reporter.warn(`${written.report.case}: ${warning}`);
      results.push(written);
    }
    reporter.result(
      { results: results.map(({ folder, report }) => ({ folder, ...report })) },
      results.map(describe).join('\n\n'),
    );
  },
});

async function casesOf(
  { images, channel: channels }: z.output<typeof ask>,
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
