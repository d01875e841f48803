import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { Problem } from '../../../ml/check/problem.ts';
import type { ComputeProcess } from '../../compute/computeProcess.ts';
import type { PieceAnswer } from '../../compute/pieces.ts';
import { studySchema, type Study } from '../../contract/studies.ts';
import { writeFileAtomically } from '../../files/atomic.ts';
import { writeRecord } from '../../files/record.ts';
import type { Records } from '../records/records.ts';
import { foldersOf, makeFolder } from '../workspace.ts';

/** What of a study is on the disk: all but whether its files are still there. */
const recordSchema = studySchema.omit({ isThere: true });

const words = {
  name: 'record of a study',
  remedy: 'Open the scan again: its segmentations are still there.',
};

type Found = PieceAnswer<'study:scan'>;

/** The studies of a workspace. Each has a folder `studies/ID`, with what the library knows of it; the scans are never touched. */
export class StudyLibrary {
  readonly #folder: string;
  readonly #reader: ComputeProcess;
  readonly #records: Records;

  constructor(folder: string, reader: ComputeProcess, records: Records) {
    this.#folder = folder;
    this.#records = records;
    this.#reader = reader;
  }

  /**
   * What lies at the paths, as studies. Content that is known is the study that is known, under the place where it was found now.
   *
   * @throws Problem 'data' where nothing could be read at all.
   */
  async open(paths: readonly string[]): Promise<{ studies: Study[]; refused: Found['refused'] }> {
    const studies: Study[] = [];
    const refused: Found['refused'] = [];
    for (const path of paths) {
      try {
        const found = await this.#reader.run('study:scan', { path });
        refused.push(...found.refused);
        for (const one of found.studies) studies.push(await this.#shelve(one));
      } catch (error) {
        if (!(error instanceof Problem) || paths.length === 1) throw error;
        refused.push({ path, what: error.what, remedy: error.remedy });
      }
    }
    return { studies, refused };
  }

  async #shelve({ path, content, name, volumes }: Found['studies'][number]): Promise<Study> {
    const study = content.slice(0, 16);
    const known = await this.#read(study);
    const now = new Date().toISOString();
    await makeFolder(this.folderOf(study));
    return this.#write({
      study,
      name: known?.name ?? name,
      path,
      addedAt: known?.addedAt ?? now,
      openedAt: now,
      volumes: volumes.map((volume, n) => ({ ...volume, volume: `${study}#${n + 1}` })),
    });
  }

  /** Latest opened first. A damaged record does not hide the others. */
  async list(): Promise<Study[]> {
    const found = await Promise.all(
      (await foldersOf(this.#folder)).map((study) => this.#read(study).catch(this.#records.leaveOut)),
    );
    const records = found.filter((record) => record !== undefined);
    const studies = await Promise.all(records.map(withPresence));
    return studies.toSorted((a, b) => (a.openedAt < b.openedAt ? 1 : -1));
  }

  /** @throws Problem 'data' where the library has no such study. */
  async get(study: string): Promise<Study> {
    return withPresence(await this.#known(study));
  }

  /** What its headers say. */
  async volume(volume: string): Promise<Study['volumes'][number]> {
    const { volumes } = await this.get(volume.slice(0, 16));
    const found = volumes.find((one) => one.volume === volume);
    if (found !== undefined) return found;
    throw new Problem('data', 'there is no such volume', volume, 'Open its study again.');
  }

  /** The path that the imaging layer opens the volume by. */
  async pathOf(volume: string): Promise<string> {
    const [study, number] = volume.split('#');
    const { path, volumes } = await this.get(study ?? '');
    return volumes.length === 1 ? path : `${path}#${number}`;
  }

  async rename(study: string, name: string): Promise<Study> {
    return this.#write({ ...(await this.#known(study)), name });
  }

  /** With its segmentations. @returns Where its scan was. */
  async remove(study: string): Promise<string> {
    const { path } = await this.get(study);
    await rm(this.folderOf(study), { recursive: true, force: true });
    return path;
  }

  /** A PNG, made once. */
  async thumbnail(study: string): Promise<ArrayBuffer> {
    const { path } = await this.get(study);
    const file = join(this.folderOf(study), 'thumbnail.png');
    const made = await readFile(file).catch(() => undefined);
    if (made !== undefined) return new Uint8Array(made).buffer;
    const { bytes } = await this.#reader.run('study:thumbnail', { path });
    await writeFileAtomically(file, new Uint8Array(bytes), { existing: 'replace' });
    return bytes;
  }

  folderOf(study: string): string {
    return join(this.#folder, study);
  }

  async #known(study: string): Promise<z.infer<typeof recordSchema>> {
    const record = await this.#read(study);
    if (record !== undefined) return record;
    throw new Problem('data', 'the library has no such study', study, 'Open it again.');
  }

  #read(study: string): Promise<z.infer<typeof recordSchema> | undefined> {
    return this.#records.read(join(this.folderOf(study), 'study.json'), recordSchema, words);
  }

  async #write(record: z.infer<typeof recordSchema>): Promise<Study> {
    await writeRecord(join(this.folderOf(record.study), 'study.json'), record);
    return withPresence(record);
  }
}

const withPresence = async (record: z.infer<typeof recordSchema>): Promise<Study> => ({
  ...record,
  isThere: await stat(record.path).then(
    () => true,
    () => false,
  ),
});
