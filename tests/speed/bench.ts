import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Comparison } from './support/comparison.ts';
import { type Measurement, measure } from './support/measure.ts';
import { table } from './support/table.ts';

/** Medians are over at least this many. */
const runs = 7;

async function loadComparisons(): Promise<Comparison[]> {
  const folder = join(import.meta.dirname, 'comparisons');
  const files = (await readdir(folder)).filter((file) => file.endsWith('.ts')).sort();
  const modules = await Promise.all(
    files.map((file) => import(join(folder, file)) as Promise<{ comparison: Comparison }>),
  );
  return modules.map(({ comparison }) => comparison);
}

async function bench(names: readonly string[], file: string | undefined): Promise<void> {
  const all = await loadComparisons();
  const unknown = names.filter((name) => !all.some((comparison) => comparison.name === name));
  if (unknown.length > 0) {
    process.stderr.write(`no comparison ${unknown.join(', ')}: there are ${all.map(({ name }) => name).join(', ')}\n`);
    process.exitCode = 2;
    return;
  }
  const measurements: Measurement[] = [];
  for (const comparison of all.filter(({ name }) => names.length === 0 || names.includes(name))) {
    process.stderr.write(`${comparison.name} ... `);
    const measurement = await measure(comparison, runs);
    process.stderr.write(`${measurement.ratio.toFixed(2)}\n`);
    measurements.push(measurement);
    // What is measured is kept, should a later comparison fail.
    if (file !== undefined) await writeFile(file, `${JSON.stringify(measurements, undefined, 2)}\n`);
  }
  process.stdout.write(`${table(measurements)}\n`);
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'string' } } });
await bench(positionals, values.json);
