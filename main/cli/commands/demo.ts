import { join } from 'node:path';
import { z } from 'zod';
import { openEngine } from '../../services/devices/openEngine.ts';
import { countVoxels, overlapOf } from '../../../ml/evaluation/overlap.ts';
import { readImage } from '../../imaging/image.ts';
import { findLibrary, openModelNamed } from '../../services/models/library.ts';
import { product } from '../../product/product.ts';
import { resolveMembers } from '../../services/segmentation/members.ts';
import { segmentImages } from '../../services/segmentation/segmentImages.ts';
import { defineCommand, onCommandLine } from '../command.ts';
import { device, engine, path, seed, threads } from '../options.ts';
import { describe } from '../segmentation.ts';
import type { Written } from '../../services/segmentation/write.ts';

const sample = join(product.resources, 'samples', 'hippocampus');

/** The main job on what is shipped: a real scan, a model, a mask with its uncertainty, compared with a person's. */
export const demo = defineCommand({
  name: 'demo',
  summary: 'segment the sample scan with the shipped model and compare with its reference',
  ask: z.object({
    out: onCommandLine(path().default('demo'), { usage: '--out <folder>', summary: 'where the results go' }),
    seed,
    threads,
    device,
    engine,
  }),
  run: async (asked, { reporter, signal }) => {
    const model = await openModelNamed('hippocampus', findLibrary());
    const job = {
      cases: [{ name: 'hippocampus', channels: [{ name: 'image', path: join(sample, 'hippocampus.nii.gz') }] }],
      out: asked.out,
      engine: await openEngine(asked.device, asked.threads),
      members: resolveMembers([model], { seed: asked.seed, samples: 8 }),
      save: ['mask', 'probability', 'entropy'] as const,
      existing: 'replace' as const,
      memoryMiB: undefined,
      signal,
      report: reporter.progress,
    };
    for await (const written of segmentImages(job)) {
      const dice = await compare(written);
      const agreement = dice.map(({ name, value }) => `${name} ${value.toFixed(3)}`).join(', ');
      const files = ['mask.nii.gz', 'probability.nii.gz', 'entropy.nii.gz', 'report.html', 'montage.png'];
      const list = files.map((file) => `  ${join(written.folder, file)}`).join('\n');
      const text = `${describe(written)}\nDice with the reference: ${agreement}\nOpen\n${list}`;
      reporter.result({ folder: written.folder, dice, ...written.report }, text);
    }
  },
});

async function compare({ folder, structures }: Written): Promise<readonly { name: string; value: number }[]> {
  const [mask, reference] = await Promise.all([
    readImage(join(folder, 'mask.nii.gz')),
    readImage(join(sample, 'reference.nii.gz')),
  ]);
  const counts = countVoxels(
    mask.volume.data,
    reference.volume.data,
    structures.map(({ value }) => value),
  );
  return structures.map(({ name }, i) => ({ name, value: overlapOf(counts[i]!).dice }));
}
