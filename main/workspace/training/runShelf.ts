import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Problem } from '../../../ml/check/problem.ts';
import type { Answer, Asked } from '../../contract/calls.ts';
import { jobId, path } from '../../contract/ids.ts';
import { comparisonSchema, metricSchema, runSchema } from '../../contract/training.ts';
import { writeRecord } from '../../files/record.ts';
import { runPaths } from '../../training/run.ts';
import type { Records } from '../records/records.ts';
import { foldersOf, makeFolder, newId } from '../workspace.ts';

/** `start.json` of a run: what the person asked for, before and beside what training itself records. */
const startSchema = runSchema.extend({
  job: jobId.nullable(),
  folder: path,
  preset: z.enum(['small', 'base', 'large']),
  minutes: z.number(),
  seed: z.int(),
});

export type Start = z.infer<typeof startSchema>;

const startWords = {
  name: 'record of a training',
  remedy: 'Start the training again; what it had saved still lies in the same folder.',
};
const comparisonWords = { name: 'table of before and after a training', remedy: 'Compare again.' };

type Run = Answer<'training:resume'>;
type Comparison = z.infer<typeof comparisonSchema>;

/** The trainings of a workspace, each in a folder `runs/ID`. */
export class RunShelf {
  readonly #folder: string;
  readonly #records: Records;

  constructor(folder: string, records: Records) {
    this.#folder = folder;
    this.#records = records;
  }

  async begin(
    asked: Asked<'training:start'>,
    dataset: { readonly name: string; readonly folder: string },
  ): Promise<Start> {
    const { name, method, preset, minutes, seed, init } = asked;
    const run = newId();
    await makeFolder(this.folderOf(run));
    return this.#write({
      run,
      name,
      dataset: dataset.name,
      folder: dataset.folder,
      method,
      preset,
      minutes,
      seed,
      steps: null,
      structures: [],
      init: init ?? null,
      unknown: [],
      job: null,
      model: null,
    });
  }

  async get(run: string): Promise<Start> {
    const start = await this.#read(run);
    if (start !== undefined) return start;
    throw new Problem('data', 'there is no such training', run, 'Start a new one.');
  }

  async change(run: string, change: Partial<Start>): Promise<Start> {
    return this.#write({ ...(await this.get(run)), ...change });
  }

  async list(): Promise<Run[]> {
    return (await this.starts()).flatMap((start) => (start.job === null ? [] : [asRun(start, start.job)]));
  }

  async starts(): Promise<Start[]> {
    const starts = await Promise.all(
      (await foldersOf(this.#folder)).map((run) => this.#read(run).catch(this.#records.leaveOut)),
    );
    return starts.filter((start) => start !== undefined);
  }

  /** What was measured so far; a line that a kill tore is passed over. */
  async metrics(run: string): Promise<Answer<'training:metrics'>> {
    const text = await readFile(runPaths(this.workOf(run)).metrics, 'utf8').catch(() => '');
    return text.split('\n').flatMap((line) => parseMetric(line) ?? []);
  }

  async picture(run: string): Promise<Answer<'training:picture'>> {
    const png = await readFile(runPaths(this.workOf(run)).picture).catch(() => undefined);
    return png === undefined ? null : { bytes: new Uint8Array(png).buffer };
  }

  async keepComparison(run: string, comparison: Comparison): Promise<void> {
    await writeRecord(this.#comparisonOf(run), comparison);
  }

  /** Null where the run was never compared. */
  async comparison(run: string): Promise<Comparison | null> {
    return (await this.#records.read(this.#comparisonOf(run), comparisonSchema, comparisonWords)) ?? null;
  }

  #read(run: string): Promise<Start | undefined> {
    return this.#records.read(join(this.folderOf(run), 'start.json'), startSchema, startWords);
  }

  #comparisonOf(run: string): string {
    return join(this.folderOf(run), 'comparison.json');
  }

  folderOf(run: string): string {
    return join(this.#folder, run);
  }

  /** Where training works: its own folder, which it locks. */
  workOf(run: string): string {
    return join(this.folderOf(run), 'work');
  }

  async #write(start: Start): Promise<Start> {
    await writeRecord(join(this.folderOf(start.run), 'start.json'), start);
    return start;
  }
}

export function asRun(start: Start, job: string): Run {
  const { run, name, dataset, method, steps, structures, init, unknown, model } = start;
  return { run, name, dataset, method, steps, structures, init, unknown, job, model };
}

function parseMetric(line: string): z.infer<typeof metricSchema> | undefined {
  try {
    return metricSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
