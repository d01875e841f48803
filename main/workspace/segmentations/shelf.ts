import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Problem } from '../../../ml/check/problem.ts';
import type { ComputeProcess } from '../../compute/computeProcess.ts';
import { segmentationSchema, type Segmentation, type Structure } from '../../contract/segmentations.ts';
import { writeRecord } from '../../files/record.ts';
import { EditLog } from '../edits/editLog.ts';
import type { Records } from '../records/records.ts';
import type { StudyLibrary } from '../studies/library.ts';
import { foldersOf, makeFolder, newId } from '../workspace.ts';
import { madeBy } from './madeBy.ts';

/**
 * `segmentation.json`. The labels as the person left them are `mask-GENERATION.nii.gz` and the changes since, `edits-GENERATION.log`; which
 * generation counts, this file says, and it is replaced in one step. Generation 0 of one that a model made is the model's own mask.
 */
const recordSchema = segmentationSchema.omit({ maps: true, made: true }).extend({ generation: z.int().min(0) });

const words = {
  name: 'record of a segmentation',
  remedy: 'Segment or draw again; its labels still lie in the same folder, as NIfTI files.',
};

type Stored = z.infer<typeof recordSchema>;

export type MapName = keyof Segmentation['maps'];

/** What is kept of every segmentation, in `segmentations/ID` within the folder of its study. */
export class SegmentationShelf {
  readonly #library: StudyLibrary;
  readonly #reader: ComputeProcess;
  readonly #records: Records;
  readonly #logs = new Map<string, EditLog>();
  /** The study of each segmentation that was asked for. */
  readonly #studies = new Map<string, string>();

  constructor(library: StudyLibrary, reader: ComputeProcess, records: Records) {
    this.#records = records;
    this.#library = library;
    this.#reader = reader;
  }

  /** Latest first. */
  async list(study: string): Promise<Segmentation[]> {
    const ids = await foldersOf(this.#parent(study));
    const found = await Promise.all(ids.map((id) => this.#find(study, id).catch(this.#records.leaveOut)));
    return found.filter((one) => one !== undefined).toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
  }

  /** @throws Problem 'data' where there is none of that id. */
  async get(segmentation: string): Promise<Segmentation> {
    const { stored, folder } = await this.#open(segmentation);
    return this.#whole(stored, folder);
  }

  /** Where the results of a new one go. It is on the shelf once `add` was called. */
  folderOf(study: string, segmentation: string): string {
    return join(this.#parent(study), segmentation);
  }

  /** Puts one on the shelf whose folder holds a model's result, or nothing yet. */
  async add(
    fields: Pick<Segmentation, 'segmentation' | 'study' | 'volume' | 'name'>,
    structures: readonly Structure[],
  ): Promise<Segmentation> {
    const now = new Date().toISOString();
    const folder = this.folderOf(fields.study, fields.segmentation);
    await makeFolder(folder);
    const stored = {
      ...fields,
      createdAt: now,
      changedAt: now,
      structures: [...structures],
      edited: false,
      generation: 0,
    };
    return this.#write(stored, folder);
  }

  /** An empty one on the grid of a volume. */
  async create(volume: string, name: string, structures: readonly Structure[]): Promise<Segmentation> {
    const study = volume.slice(0, 16);
    const segmentation = newId();
    const folder = this.folderOf(study, segmentation);
    await makeFolder(folder);
    const like = await this.#library.pathOf(volume);
    const dataType = largestOf(structures) < 256 ? 'uint8' : 'uint16';
    await this.#reader.run('mask:write', { like, to: join(folder, 'mask-0.nii.gz'), dataType, bytes: null });
    return this.add({ segmentation, study, volume, name }, structures);
  }

  async change(segmentation: string, change: Partial<Pick<Stored, 'name' | 'structures'>>): Promise<Segmentation> {
    const { stored, folder } = await this.#open(segmentation);
    return this.#write({ ...stored, ...change, changedAt: new Date().toISOString() }, folder);
  }

  /** Writes the labels as a new generation; the older one goes once the new one counts. */
  async save(segmentation: string, dataType: 'uint8' | 'uint16', bytes: ArrayBuffer): Promise<Segmentation> {
    const { stored, folder } = await this.#open(segmentation);
    const generation = stored.generation + 1;
    const like = await this.#library.pathOf(stored.volume);
    await rm(maskFile(folder, generation), { force: true });
    await rm(logFile(folder, generation), { force: true });
    await this.#reader.run('mask:write', { like, to: maskFile(folder, generation), dataType, bytes });
    const saved = await this.#write(
      { ...stored, generation, edited: true, changedAt: new Date().toISOString() },
      folder,
    );
    await rm(maskFile(folder, stored.generation), { force: true });
    await rm(logFile(folder, stored.generation), { force: true });
    return saved;
  }

  async remove(segmentation: string): Promise<Segmentation> {
    const { stored, folder } = await this.#open(segmentation);
    const removed = await this.#whole(stored, folder);
    await rm(folder, { recursive: true, force: true });
    return removed;
  }

  async editLog(segmentation: string): Promise<EditLog> {
    const { stored, folder } = await this.#open(segmentation);
    const path = logFile(folder, stored.generation);
    const log = this.#logs.get(path) ?? new EditLog(path);
    this.#logs.set(path, log);
    return log;
  }

  /** @throws Problem 'data' where the segmentation has no such map. */
  async mapPath(segmentation: string, map: MapName): Promise<string> {
    const { stored, folder } = await this.#open(segmentation);
    const { maps, made } = await this.#whole(stored, folder);
    if (maps[map] === null)
      throw new Problem('data', `there is no ${map} of this segmentation`, stored.name, 'Choose another map.');
    if (map === 'mask' && (made === null || stored.generation > 0)) return maskFile(folder, stored.generation);
    return join(folder, 'result', `${map}.nii.gz`);
  }

  #parent(study: string): string {
    return join(this.#library.folderOf(study), 'segmentations');
  }

  async #open(segmentation: string): Promise<{ stored: Stored; folder: string }> {
    const known = this.#studies.get(segmentation);
    const studies = known === undefined ? (await this.#library.list()).map(({ study }) => study) : [known];
    for (const study of studies) {
      const folder = this.folderOf(study, segmentation);
      const stored = await this.#read(folder);
      if (stored === undefined) continue;
      this.#studies.set(segmentation, study);
      return { stored, folder };
    }
    throw new Problem('data', 'there is no such segmentation', segmentation, 'Choose another.');
  }

  async #find(study: string, segmentation: string): Promise<Segmentation | undefined> {
    const folder = this.folderOf(study, segmentation);
    const stored = await this.#read(folder);
    return stored && this.#whole(stored, folder);
  }

  #read(folder: string): Promise<Stored | undefined> {
    return this.#records.read(join(folder, 'segmentation.json'), recordSchema, words);
  }

  async #write(stored: Stored, folder: string): Promise<Segmentation> {
    await writeRecord(join(folder, 'segmentation.json'), recordSchema.parse(stored));
    return this.#whole(stored, folder);
  }

  async #whole(stored: Stored, folder: string): Promise<Segmentation> {
    const { segmentation, study, volume, name, createdAt, changedAt, structures, edited } = stored;
    const made = await madeBy(join(folder, 'result'));
    const map = (which: MapName) => `${segmentation}/${which}`;
    const drawn = made === null ? null : map;
    return {
      segmentation,
      study,
      volume,
      name,
      createdAt,
      changedAt,
      structures,
      edited,
      made,
      maps: {
        mask: map('mask'),
        probability: drawn?.('probability') ?? null,
        entropy: drawn?.('entropy') ?? null,
        samples: drawn?.('samples') ?? null,
      },
    };
  }
}

const maskFile = (folder: string, generation: number): string => join(folder, `mask-${generation}.nii.gz`);
const logFile = (folder: string, generation: number): string => join(folder, `edits-${generation}.log`);
const largestOf = (structures: readonly Structure[]): number => Math.max(0, ...structures.map(({ value }) => value));
