import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Problem } from '../../../ml/check/problem.ts';
import { modelSchema, type ModelDescription, type NetworkKind } from './description.ts';
import { readSafetensors, type StoredTensor } from './safetensors.ts';

export interface Model {
  readonly folder: string;
  readonly description: ModelDescription;
  /** Of model.json, which holds the checksum of every other file: it stands for the whole model. */
  readonly sha256: string;
}

/** What a report says of a model, enough to find it again. */
export const identityOf = ({ description: { name, version }, sha256 }: Model) => ({ name, version, sha256 });

export const descriptionFile = 'model.json';

const largestDescription = 16 * 2 ** 20;
const remedy = 'Get the whole model folder again from where it came from.';
const broken = (what: string, file: string, cause?: unknown) => new Problem('model', what, file, remedy, { cause });

/** What file browsers leave in any folder they show; no part of a model and no reason to refuse one. */
const strays: ReadonlySet<string> = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini']);

/** Weights, an exported graph and texts: none of them is ever executed. */
function isKnownType(name: string): boolean {
  return name === 'LICENSE' || ['.safetensors', '.onnx', '.md', '.txt'].includes(extname(name));
}

async function readDescriptionBytes(file: string): Promise<Buffer> {
  try {
    if ((await stat(file)).size <= largestDescription) return await readFile(file);
  } catch (error) {
    throw new Problem('model', 'no model is here', file, 'Name a model of `sfumato models list` or a model folder.', {
      cause: error,
    });
  }
  throw broken('the description is too large', file);
}

function parseDescription(bytes: Buffer, file: string): ModelDescription {
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString());
  } catch (error) {
    throw broken('the description is not JSON', file, error);
  }
  const parsed = modelSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw broken(`the description is wrong: ${issue?.path.join('.')}: ${issue?.message}`, file, parsed.error);
}

/** Reads model.json alone: quick, and enough to list a model. The other files are not looked at. */
export async function readModel(folder: string): Promise<Model> {
  const file = join(folder, descriptionFile);
  const bytes = await readDescriptionBytes(file);
  const description = parseDescription(bytes, file);
  return { folder, description, sha256: createHash('sha256').update(bytes).digest('hex') };
}

async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

async function checkEntries({ folder, description }: Model): Promise<void> {
  const listed = new Set(Object.keys(description.files));
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name === descriptionFile || strays.has(entry.name)) continue;
    const file = join(folder, entry.name);
    if (!entry.isFile() || !isKnownType(entry.name)) throw broken('this does not belong in a model', file);
    if (!listed.delete(entry.name)) throw broken('this file has no checksum in model.json', file);
  }
  for (const name of listed) throw broken('a file of the model is missing', join(folder, name));
}

/** Reads model.json and holds every file of the folder against it. Throws a `model` Problem that names the file. */
export async function openModel(folder: string): Promise<Model> {
  const model = await readModel(folder);
  await checkEntries(model);
  for (const [name, expected] of Object.entries(model.description.files)) {
    const file = join(folder, name);
    const { size } = await stat(file);
    if (size !== expected.bytes) throw broken(`the file has ${size} bytes instead of ${expected.bytes}`, file);
    if ((await hashFile(file)) !== expected.sha256) throw changed(file);
  }
  return model;
}

/** Reads the weights of one network of a model; their checksum is verified on the bytes that are used. */
export async function readWeights(model: Model, kind: NetworkKind): Promise<ReadonlyMap<string, StoredTensor>> {
  const { file, name } = fileOf(model, kind);
  const { tensors, sha256 } = await readSafetensors(file);
  if (sha256 !== model.description.files[name]?.sha256) throw changed(file);
  return tensors;
}

/** Reads the file of a network that came from elsewhere, likewise. */
export async function readForeign(model: Model, kind: NetworkKind): Promise<Uint8Array> {
  const { file, name } = fileOf(model, kind);
  const bytes = await readFile(file);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== model.description.files[name]?.sha256) throw changed(file);
  return bytes;
}

const changed = (file: string): Problem => broken('the file was changed: its checksum is wrong', file);

function fileOf({ folder, description }: Model, kind: NetworkKind): { readonly file: string; readonly name: string } {
  const { networks } = description;
  const name = networks[kind]?.file;
  if (name !== undefined) return { file: join(folder, name), name };
  const has = Object.keys(networks).join(', ');
  throw new Problem('model', `the model has no ${kind} network`, folder, `It has: ${has}. Choose --method so.`);
}
