import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { invariant } from '../../../ml/check/invariant.ts';
import { writeFileAtomically } from '../../files/atomic.ts';
import { writeFolderAtomically } from '../../files/folder.ts';
import type { ModelDescription, NetworkKind } from './description.ts';
import { descriptionFile, openModel, type Model } from './folder.ts';
import { encodeSafetensors, type StoredTensor } from './safetensors.ts';

export interface ModelContents {
  /** Everything but the checksums, which are taken here. */
  readonly description: Omit<ModelDescription, 'files'>;
  /** One for each of the description's networks: the weights of one of ours, the file of one from elsewhere. */
  readonly weights: Readonly<Partial<Record<NetworkKind, ReadonlyMap<string, StoredTensor> | Uint8Array>>>;
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
    const given = weights[kind];
    invariant((entry === undefined) === (given === undefined), `${kind}: network and weights come together`);
    if (entry && given) files.set(entry.file, given instanceof Uint8Array ? given : encodeSafetensors(given));
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
  const fillAndVerify = async (temporary: string): Promise<Model> => {
    await fill(temporary, contents);
    return openModel(temporary);
  };
  return { ...(await writeFolderAtomically(folder, fillAndVerify, existing)), folder };
}
