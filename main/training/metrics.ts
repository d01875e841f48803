import { appendFile, readFile } from 'node:fs/promises';
import { z } from 'zod';
import { writeFileAtomically } from '../files/atomic.ts';
import { fileProblem } from '../files/fileProblem.ts';

/** One line of metrics.jsonl: means since the last line, or a validation. */
export type Metric =
  | {
      readonly kind: 'training';
      readonly step: number;
      readonly loss: number;
      readonly gradientNorm: number;
      readonly seconds: number;
    }
  | {
      readonly kind: 'validation';
      readonly step: number;
      readonly dice: number;
      readonly structures: readonly number[];
    };

export async function writeMetric(path: string, metric: Metric): Promise<void> {
  await appendFile(path, `${JSON.stringify(metric)}\n`).catch((error: unknown) => {
    throw fileProblem(error, path);
  });
}

/** Drops what was written after a checkpoint, and lines that a kill cut off: the resumed training writes it again. */
export async function truncateMetrics(
  path: string,
  { step, validated }: { readonly step: number; readonly validated: number },
): Promise<void> {
  const lines = await readFile(path, 'utf8').then(
    (text) => text.split('\n'),
    () => [],
  );
  const last = { training: step, validation: validated };
  const kept = lines.filter((line) => {
    const metric = parseMetric(line);
    return metric !== undefined && metric.step <= last[metric.kind];
  });
  await writeFileAtomically(path, kept.map((line) => `${line}\n`).join(''), { existing: 'replace' });
}

const lineSchema = z.object({ kind: z.enum(['training', 'validation']), step: z.number() });

function parseMetric(line: string): z.infer<typeof lineSchema> | undefined {
  try {
    return lineSchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
