import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { Problem } from '../../../ml/check/problem.ts';
import { refuseExisting, writeFolderAtomically } from '../../files/folder.ts';
import { writeNifti } from '../../imaging/nifti/write.ts';
import { giveWay } from '../../jobs/cancellation.ts';
import { createProgress, type ReportProgress } from '../../jobs/progress.ts';
import type { Label } from '../dataset.ts';
import { type Assembled, assembleCase, channelNamesOf } from './assembleCase.ts';
import { describeDataset } from './description.ts';
import type { DrawnStructure, LeftOut } from './found.ts';
import { takeInventory } from './inventory.ts';
import { refuseKeyWithin, writeKey } from './keyFile.ts';
import { type AskedLabel, askedLabels, foundLabels, type LabelList } from './labelList.ts';
import { type ChannelPattern, type Draft, matchCases } from './matchCases.ts';
import type { PaintOptions } from './paint.ts';
import { Pseudonyms } from './pseudonyms.ts';
import { adviceOn, type BuiltCase } from './advice.ts';

export interface BuildOptions {
  /** Files, folders, zip archives, DICOMDIRs. */
  readonly sources: readonly string[];
  /** The folder of the data set; its last part is the name of the data set. */
  readonly out: string;
  /** Pattern that finds the person in the path of a file that names none. */
  readonly groupBy?: string | undefined;
  /** Empty: every labelled series or file is a case of its own. */
  readonly channels: readonly ChannelPattern[];
  /** Empty: all structures that are found, by their names. */
  readonly labels: readonly AskedLabel[];
  /** Names of labels: where two overlap, the later wins. */
  readonly order: readonly string[];
  readonly resample: boolean;
  /** Where the key to the pseudonyms goes; without it nobody can ever tell. */
  readonly keyFile?: string | undefined;
  readonly dryRun: boolean;
  readonly existing: 'refuse' | 'replace';
  readonly signal: AbortSignal;
  readonly report: ReportProgress;
}

/** What became of the sources. It names files of the lab and is for its eyes only; nothing of it is in the data set. */
export interface BuildReport {
  readonly patients: number;
  readonly channels: readonly string[];
  readonly labels: readonly Label[];
  /** Without their pseudonyms, which only the key file ties to persons. */
  readonly cases: readonly {
    readonly images: readonly string[];
    readonly labels: readonly string[];
    readonly notes: readonly string[];
  }[];
  readonly leftOut: readonly LeftOut[];
  /** Of the data set as a whole, in sentences. */
  readonly advice: readonly string[];
}

/**
 * Builds a data set from exports, in the layout of the Medical Segmentation Decathlon and nnU-Net 2, without anything that tells whose the
 * images are. A case that cannot be used is left out, and said so. The folder is written whole or not at all.
 *
 * @throws Problem 'data' where no case can be built, or files cannot be written; 'usage' for a bad option; 'cancelled'.
 */
export async function buildDataset(options: BuildOptions): Promise<BuildReport> {
  const { sources, out, groupBy, channels, dryRun, keyFile, existing, signal, report } = options;
  if (keyFile !== undefined) refuseKeyWithin(keyFile, out);
  if (!dryRun) await refuseExisting(out, existing);
  const inventory = await takeInventory(sources, groupBy, { signal, report });
  const matched = matchCases(inventory, channels);
  const listed = await listLabels(matched.drafts, options);
  const leftOut = [...inventory.leftOut, ...matched.leftOut, ...listed.leftOut];
  const build = new Build(options, listed, leftOut);
  if (dryRun) return build.run(undefined);
  let removeKey = (): Promise<void> => Promise.resolve();
  const fill = async (folder: string): Promise<BuildReport> => {
    const made = await build.run(folder);
    if (keyFile !== undefined) removeKey = await writeKey(keyFile, build.key());
    return made;
  };
  try {
    return await writeFolderAtomically(resolve(out), fill, existing);
  } catch (error) {
    await removeKey();
    throw error;
  }
}

interface Listed {
  readonly drafts: readonly Draft[];
  readonly list: LabelList;
  readonly leftOut: readonly LeftOut[];
}

/** Drafts whose labels can be read, and the one list of labels. */
async function listLabels(all: readonly Draft[], { labels, order, signal, report }: BuildOptions): Promise<Listed> {
  const progress = createProgress('Reading labels', all.length, report);
  const drafts: Draft[] = [];
  const leftOut: LeftOut[] = [];
  const structures: DrawnStructure[] = [];
  for (const [n, draft] of all.entries()) {
    await giveWay(signal);
    try {
      const drawn = await Promise.all(draft.labels.map((label) => label.structures(signal)));
      structures.push(...drawn.flat());
      drafts.push(draft);
    } catch (error) {
      leftOut.push(whyNot(error));
    }
    progress(n + 1);
  }
  const list = labels.length > 0 ? askedLabels(labels) : foundLabels(structures);
  const unknown = order.find((name) => list.labels.every((label) => label.name !== name));
  if (unknown === undefined) return { drafts, list, leftOut };
  const known = list.labels.map(({ name }) => name).join(', ');
  throw new Problem('usage', `${unknown} is no label`, '--order', `The labels are ${known}.`);
}

/** Of a case that cannot be used; other errors are not the case's. */
function whyNot(error: unknown): LeftOut {
  if (!(error instanceof Problem) || error.kind === 'cancelled') throw error;
  return { path: error.where, why: `${error.what}. ${error.remedy}` };
}

class Build {
  readonly #options: BuildOptions;
  readonly #drafts: readonly Draft[];
  readonly #list: LabelList;
  readonly #leftOut: LeftOut[];
  readonly #pseudonyms = new Pseudonyms();
  readonly #built: (BuiltCase & { readonly id: string; readonly draft: Draft })[] = [];

  constructor(options: BuildOptions, { drafts, list }: Listed, leftOut: readonly LeftOut[]) {
    this.#options = options;
    this.#drafts = drafts;
    this.#list = list;
    this.#leftOut = [...leftOut];
  }

  /** @param folder `undefined`: everything is done but the writing. */
  async run(folder: string | undefined): Promise<BuildReport> {
    const { signal, report } = this.#options;
    const drafts = this.#drafts;
    const ids = this.#pseudonyms.caseIds(drafts.map(({ key, reference }) => ({ key, patient: reference.patient.key })));
    const progress = createProgress('Building cases', drafts.length, report);
    if (folder !== undefined) await makeFolders(folder);
    for (const [n, draft] of drafts.entries()) {
      await giveWay(signal);
      const assembled = await this.#assemble(draft);
      if (assembled !== undefined) {
        if (folder !== undefined) await writeCase(folder, ids[n]!, assembled);
        this.#keep(draft, ids[n]!, assembled);
      }
      progress(n + 1);
    }
    return this.#finish(folder);
  }

  key() {
    const cases = this.#built.map(({ id, draft }) => ({
      id,
      patient: draft.reference.patient.key,
      images: draft.images.map(({ path }) => path),
      labels: draft.labels.map(({ path }) => path),
    }));
    return { salt: this.#pseudonyms.salt, cases: cases.toSorted((a, b) => (a.id < b.id ? -1 : 1)) };
  }

  async #assemble(draft: Draft): Promise<Assembled | undefined> {
    const { order, resample, signal } = this.#options;
    const options: PaintOptions = { list: this.#list, order, resample };
    try {
      const assembled = await assembleCase(draft, options, signal);
      const wanted = this.#built[0]?.units.length ?? assembled.channels.length;
      if (assembled.channels.length === wanted) return assembled;
      const what = `it has ${assembled.channels.length} channels where the cases before have ${wanted}`;
      throw new Problem('data', what, draft.images[0]!.path, 'Choose the same sequences of every case: --channel.');
    } catch (error) {
      this.#leftOut.push(whyNot(error));
      return undefined;
    }
  }

  /** Without its voxels: only one case is ever in memory. */
  #keep(draft: Draft, id: string, { units, values, notes, label, channels }: Assembled): void {
    const names = channelNamesOf(draft.images, channels.length);
    this.#built.push({
      id,
      draft,
      units,
      values,
      notes,
      names,
      patient: draft.reference.patient.key,
      spacing: label.grid.spacing,
    });
  }

  async #finish(folder: string | undefined): Promise<BuildReport> {
    const built = this.#built;
    if (built.length === 0) throw nothing(this.#options.sources, this.#leftOut);
    const { labels } = this.#list;
    const channels = this.#channelNames();
    const patients = this.#drafts.map(({ reference }) => reference.patient);
    const name = basename(resolve(this.#options.out));
    const description = describeDataset({ name, channels, labels, cases: built.length }, patients);
    if (folder !== undefined) await writeFile(join(folder, 'dataset.json'), description, { flush: true });
    return {
      patients: new Set(built.map(({ patient }) => patient)).size,
      channels,
      labels,
      cases: built.map(({ draft, notes }) => ({
        images: draft.images.map(({ path }) => path),
        labels: draft.labels.map(({ path }) => path),
        notes,
      })),
      leftOut: this.#leftOut,
      advice: adviceOn(built, labels, channels),
    };
  }

  #channelNames(): readonly string[] {
    const asked = this.#options.channels.map(({ name }) => name);
    if (asked.length > 0) return asked;
    const [first, ...others] = this.#built.map(({ names }) => names);
    const isOneWay = others.every((names) => names.every((name, n) => name === first![n]));
    return isOneWay ? first! : channelNamesOf([], first!.length);
  }
}

async function makeFolders(folder: string): Promise<void> {
  for (const name of ['imagesTr', 'labelsTr']) await mkdir(join(folder, name));
}

async function writeCase(folder: string, id: string, { channels, label }: Assembled): Promise<void> {
  for (const [n, channel] of channels.entries())
    await writeNifti(join(folder, 'imagesTr', `${id}_${String(n).padStart(4, '0')}.nii.gz`), channel);
  await writeNifti(join(folder, 'labelsTr', `${id}.nii.gz`), label);
}

function nothing(sources: readonly string[], leftOut: readonly LeftOut[]): Problem {
  const reasons = [...new Set(leftOut.map(({ why }) => why))].slice(0, 3).join('; ');
  const what = `no case can be built: ${reasons === '' ? 'there is nothing' : reasons}`;
  return new Problem('data', what, sources.join(', '), 'Put images and the labels drawn on them into the sources.');
}
