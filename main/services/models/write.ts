import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { invariant } from '../../../ml/check/invariant.ts';
import { Problem } from '../../../ml/check/problem.ts';
import { flushFolder, writeFileAtomically } from '../../files/atomic.ts';
import { fileProblem } from '../../files/fileProblem.ts';
import { markUnfinished } from '../../jobs/unfinished.ts';
import type { ModelDescription, NetworkKind } from './description.ts';
import { descriptionFile, openModel, type Model } from './folder.ts';
import { encodeSafetensors, type StoredTensor } from './safetensors.ts';

export interface ModelContents {
  /** Everything but the checksums, which are taken here. */
  readonly description: Omit<ModelDescription, 'files'>;
  /** One for each of the description's networks. */
  readonly weights: Readonly<Partial<Record<NetworkKind, ReadonlyMap<string, StoredTensor>>>>;
  /** Markdown for people: what it is for, how good, how it fails. */
  readonly card: string;
  /** The whole text of the licence. */
  readonly licence: string;
}

function listFiles({ description, weights, card, licence }: ModelContents): ReadonlyMap<string, Uint8Array> {
  const files = new Map<string, Uint8Array>([
    ['MODEL_CARD.md', Buffer.from(card)],
    ['LICENSE', Buffer.from(licence)],
  ]);
  for (const kind of ['direct', 'diffusion'] as const) {
    const entry = description.networks[kind];
    const tensors = weights[kind];
    invariant((entry === undefined) === (tensors === undefined), `${kind}: network and weights come together`);
    if (entry && tensors) files.set(entry.file, encodeSafetensors(tensors));
  }
  return files;
}

async function fill(folder: string, contents: ModelContents): Promise<void> {
  const checksums: ModelDescription['files'] = {};
  for (const [name, bytes] of listFiles(contents)) {
    await writeFileAtomically(join(folder, name), bytes);
    checksums[name] = { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
  }
  const description = { ...contents.description, files: checksums };
  await writeFileAtomically(join(folder, descriptionFile), `${JSON.stringify(description, null, 2)}\n`);
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Gives the finished folder its name. A folder cannot be renamed over another, so an old one steps aside first. */
async function putInPlace(temporary: string, folder: string, existing: 'refuse' | 'replace'): Promise<void> {
  const isThere = await exists(folder);
  if (isThere && existing === 'refuse') {
    throw new Problem('data', 'this exists already', folder, 'Choose another name, or allow overwriting.');
  }
  const aside = `${temporary}.old`;
  if (isThere) await rename(folder, aside);
  await rename(temporary, folder).catch(async (error: unknown) => {
    if (isThere) await rename(aside, folder);
    throw error;
  });
  await flushFolder(dirname(folder));
  await rm(aside, { recursive: true, force: true });
}

/**
 * Writes a model folder that is either whole and verified or not there.
 *
 * @throws Problem `data` where the folder exists and may not be replaced, or cannot be written; `model` where the description
 * breaks a rule of model.json.
 */
export async function writeModel(
  folder: string,
  contents: ModelContents,
  existing: 'refuse' | 'replace' = 'refuse',
): Promise<Model> {
  const temporary = join(dirname(folder), `.${basename(folder)}.${randomUUID()}.partial`);
  const finished = markUnfinished(temporary);
  try {
    await mkdir(temporary, { recursive: true });
    await fill(temporary, contents);
    const model = await openModel(temporary);
    await putInPlace(temporary, folder, existing);
    return { ...model, folder };
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    throw fileProblem(error, folder);
  } finally {
    finished();
  }
}
