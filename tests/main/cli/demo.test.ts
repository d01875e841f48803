import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { parseLines, sfumato } from './launch.ts';

const resultSchema = z.object({
  event: z.literal('result'),
  folder: z.string(),
  samples: z.number(),
  dice: z.array(z.object({ name: z.string(), value: z.number() })),
  structures: z.array(z.object({ name: z.string(), volumeMl: z.number(), volumeRange: z.string() })),
});

describe('sfumato demo', () => {
  it('segments the sample with 8 samples about as a person did, and leaves everything to look at', async () => {
    const out = temporaryFolder();
    const ended = await sfumato(['demo', '--out', out, '--device', 'cpu', '--json']);
    expect(ended).toMatchObject({ code: 0 });
    const result = resultSchema.parse(parseLines(ended.stdout).at(-1));
    expect(result.samples).toBe(8);
    expect(result.structures.map(({ volumeRange }) => volumeRange)).toEqual([
      'range of 8 samples',
      'range of 8 samples',
    ]);
    for (const { value } of result.dice) expect(value).toBeGreaterThan(0.75);
    expect(readdirSync(join(out, 'hippocampus')).toSorted()).toEqual([
      'entropy.nii.gz',
      'mask.nii.gz',
      'montage.png',
      'probability.nii.gz',
      'report.html',
      'report.json',
    ]);
  });
});
