import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Preparation } from '../../ml/data/preprocess.ts';
import { fileProblem } from '../files/fileProblem.ts';
import { valuesInFiles, type Dataset, type LabelledCase } from './dataset.ts';

const side = z.int().positive();

/** One preprocessed case. */
const entrySchema = z.object({
  id: z.string(),
  /** Changes with the original files and with how they are prepared; names the files of the case. */
  source: z.string().regex(/^[0-9a-f]+$/),
  /** Voxels along [k, j, i]. */
  shape: z.tuple([side, side, side]),
  /** For each class, how many places are kept. */
  locations: z.array(z.int().nonnegative()),
});

/** `index.json` of a cache folder, which holds preprocessed cases and can be deleted at any time. */
export const cacheIndexSchema = z.object({
  schema: z.literal(1),
  channels: side,
  cases: z.array(entrySchema),
});

export type CacheIndex = z.infer<typeof cacheIndexSchema>;
export type CacheEntry = CacheIndex['cases'][number];

export const indexPath = (folder: string) => join(folder, 'index.json');

/**
 * Files of a case, numbers in the byte order of the machine: float32 `[c, k, j, i]`, uint8 classes `[k, j, i]`, and uint32 places
 * of each class in turn.
 */
export function caseFiles(folder: string, source: string): { image: string; label: string; locations: string } {
  return {
    image: join(folder, `${source}.image.float32`),
    label: join(folder, `${source}.label.uint8`),
    locations: join(folder, `${source}.locations.uint32`),
  };
}

/** Tells, without reading them, whether a cached case still is what preparing its files would give. */
export async function sourceOf(
  { labels, channels }: Pick<Dataset, 'labels' | 'channels'>,
  { images, label }: LabelledCase,
  { dimensions, spacing, normalisation }: Preparation,
): Promise<string> {
  const files = await Promise.all(
    [...images, label].map(async (path) => {
      try {
        const { size, mtimeMs } = await stat(path);
        return [path, size, mtimeMs];
      } catch (error) {
        throw fileProblem(error, path);
      }
    }),
  );
  const values = valuesInFiles(labels);
  const said = JSON.stringify([files, values, channels.length, dimensions, spacing, normalisation]);
  return createHash('sha256').update(said).digest('hex').slice(0, 32);
}
