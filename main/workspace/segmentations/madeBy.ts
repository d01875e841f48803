import { join } from 'node:path';
import { z } from 'zod';
import { methodSchema } from '../../contract/models.ts';
import type { Segmentation } from '../../contract/segmentations.ts';
import { readRecord } from '../../files/record.ts';

/** What of report.json the interface shows. */
const reportSchema = z.object({
  model: z.object({ name: z.string(), version: z.string() }),
  method: methodSchema,
  samples: z.number(),
  steps: z.number().nullable(),
  start: z.number().nullable(),
  seed: z.number(),
  seconds: z.object({ total: z.number() }),
  structures: z.array(
    z.object({
      value: z.number(),
      name: z.string(),
      voxels: z.number(),
      volumeMl: z.number().nullable(),
      volumeMlLow: z.number().nullable(),
      volumeMlHigh: z.number().nullable(),
      voxelsLow: z.number().optional(),
      voxelsHigh: z.number().optional(),
      volumeRange: z.string(),
      meanEntropyBits: z.number().nullable(),
    }),
  ),
  mostEntropyBits: z.number().optional(),
  slicesToReview: z.array(z.object({ axis: z.string(), index: z.number(), score: z.number() })),
  warnings: z.array(z.string()),
});

type Made = NonNullable<Segmentation['made']>;

/** How the result in a folder was made, as its report says; null where there is none. */
export async function madeBy(folder: string): Promise<Made | null> {
  const report = await readRecord(join(folder, 'report.json'), reportSchema);
  if (report === undefined) return null;
  const { model, method, samples, steps, start, seed, seconds, structures, slicesToReview, warnings } = report;
  return {
    model: model.name,
    version: model.version,
    method,
    samples,
    steps,
    start,
    seed,
    seconds: seconds.total,
    measured: structures.map(measured),
    mostEntropyBits: report.mostEntropyBits ?? Math.log2(structures.length + 1),
    slicesToReview,
    warnings,
  };
}

function measured(structure: z.infer<typeof reportSchema>['structures'][number]): Made['measured'][number] {
  const { value, name, voxels, volumeMl, volumeMlLow, volumeMlHigh, voxelsLow, voxelsHigh } = structure;
  const size =
    volumeMl === null
      ? { unit: 'voxels' as const, volume: voxels, low: voxelsLow ?? voxels, high: voxelsHigh ?? voxels }
      : { unit: 'mL' as const, volume: volumeMl, low: volumeMlLow ?? volumeMl, high: volumeMlHigh ?? volumeMl };
  return { value, name, voxels, ...size, range: structure.volumeRange, meanEntropyBits: structure.meanEntropyBits };
}
