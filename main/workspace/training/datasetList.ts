import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { z } from 'zod';
import { Problem } from '../../../ml/check/problem.ts';
import type { ComputeProcess } from '../../compute/computeProcess.ts';
import type { Answer } from '../../contract/calls.ts';
import { writeRecord } from '../../files/record.ts';
import type { Records } from '../records/records.ts';

type Dataset = Answer<'datasets:open'>;

const foldersSchema = z.array(z.string());

const words = { name: 'list of data sets', remedy: 'Open the folders of your data sets again.' };

/** The data sets that the person built or opened: their folders, latest last. */
export class DatasetList {
  readonly #path: string;
  readonly #reader: ComputeProcess;
  readonly #records: Records;

  constructor(path: string, reader: ComputeProcess, records: Records) {
    this.#path = path;
    this.#records = records;
    this.#reader = reader;
  }

  /** Those that are still there. */
  async list(): Promise<Dataset[]> {
    const found = await Promise.all(
      (await this.folders()).map((folder) => this.#describe(folder).catch(() => undefined)),
    );
    return found.filter((one) => one !== undefined).toReversed();
  }

  /** @throws Problem 'data' where the folder is no data set. */
  async open(folder: string): Promise<Dataset> {
    const path = resolve(folder);
    const dataset = await this.#describe(path);
    const others = (await this.folders()).filter((one) => one !== path);
    await writeRecord(this.#path, [...others, path]);
    return dataset;
  }

  async folderOf(dataset: string): Promise<string> {
    const folder = (await this.folders()).find((one) => datasetIdOf(one) === dataset);
    if (folder !== undefined) return folder;
    throw new Problem('data', 'there is no such data set', dataset, 'Open its folder again.');
  }

  async #describe(folder: string): Promise<Dataset> {
    return { dataset: datasetIdOf(folder), folder, ...(await this.#reader.run('dataset:open', { folder })) };
  }

  async folders(): Promise<readonly string[]> {
    return (await this.#records.read(this.#path, foldersSchema, words)) ?? [];
  }
}

/** A data set is its place: it may grow. */
const datasetIdOf = (folder: string): string => createHash('sha256').update(resolve(folder)).digest('hex').slice(0, 16);
