import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const interval = z.object({ low: z.number(), high: z.number() }).nullish();
const summary = z.object({ mean: z.number(), interval }).nullish();

/** What of an evaluation's metrics.json the tables are made of. */
const scoresSchema = z.object({
  cases: z.array(z.object({ case: z.string(), group: z.string(), mean: z.object({ dice: z.number().nullish() }) })),
  seconds: z.object({ mean: z.number(), median: z.number() }).nullish(),
  calibration: z.object({ error: z.number().nullish() }).nullish(),
  uncertainty: z
    .object({
      errorDetection: summary,
      sliceReview: summary,
      caseReview: z.object({ area: z.number(), interval }).nullish(),
      samples: z.array(z.object({ structure: z.string(), coverage: summary, energyDistance: summary })),
    })
    .nullish(),
  starts: z
    .array(
      z.object({ start: z.number(), networkPasses: z.number(), dice: z.array(z.number()), summary, seconds: summary }),
    )
    .nullish(),
});

export type Scores = z.infer<typeof scoresSchema>;

export const readScores = async (file: string): Promise<Scores> =>
  scoresSchema.parse(JSON.parse(await readFile(file, 'utf8')));
