// The safetensors format (https://huggingface.co/docs/safetensors): u64 length, a JSON header of that length, the values.
// Nothing in it can run. The header is checked against the size of the file before anything is allocated for the values.

import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { z } from 'zod';
import { invariant } from '../../../ml/check/invariant.ts';
import { Problem } from '../../../ml/check/problem.ts';
import { toFloat16, toFloat32 } from './float16.ts';

/** A tensor as it is kept in a file; `data` is float32 whatever `type` it has there. */
export interface StoredTensor {
  readonly type: 'F32' | 'F16';
  /** Row-major, last axis fastest. */
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Tensors by name, each flat. */
export const flatTensors = (values: Readonly<Record<string, Float32Array>>): ReadonlyMap<string, StoredTensor> =>
  new Map(Object.entries(values).map(([name, data]) => [name, { type: 'F32', shape: [data.length], data }]));

export interface Safetensors {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
  /** Of the whole file, lower-case hexadecimal. */
  readonly sha256: string;
}

const prefixBytes = 8;
const largestHeader = 4 * 2 ** 20;
const bytesOf = { F32: 4, F16: 2 } as const;

const natural = z.int().min(0);
const entrySchema = z.strictObject({
  dtype: z.enum(['F32', 'F16'], 'only F32 and F16 are supported'),
  shape: z.array(natural).max(8),
  data_offsets: z.tuple([natural, natural]),
});
const headerSchema = z.object({ __metadata__: z.record(z.string(), z.string()).optional() }).catchall(entrySchema);

type Entry = z.infer<typeof entrySchema>;

const remedy = 'Get the file again from where it came from.';
const broken = (what: string, file: string, cause?: unknown) => new Problem('model', what, file, remedy, { cause });

function parseHeader(bytes: Buffer, file: string) {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw broken('the header of the weights is not JSON', file, error);
  }
  const parsed = headerSchema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw broken(`the header of the weights is wrong: ${issue?.path.join('.')}: ${issue?.message}`, file, parsed.error);
  }
  const { __metadata__: metadata = {}, ...entries } = parsed.data;
  return { metadata, entries: Object.entries(entries) };
}

/** The values must be covered by the tensors exactly, without overlap or hole, so no header can ask for more than the file holds. */
function checkLayout(entries: readonly (readonly [string, Entry])[], payloadBytes: number, file: string): void {
  let end = 0;
  for (const [name, entry] of entries.toSorted(([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0])) {
    const [from, to] = entry.data_offsets;
    const size = entry.shape.reduce((product, length) => product * length, bytesOf[entry.dtype]);
    if (from !== end || to - from !== size) throw broken(`tensor "${name}" does not lie where its shape says`, file);
    end = to;
  }
  if (end !== payloadBytes) throw broken(`the weights have ${payloadBytes} bytes, their header says ${end}`, file);
}

function decode(entry: Entry, payload: Buffer<ArrayBuffer>): StoredTensor {
  const [from, to] = entry.data_offsets;
  const bytes = payload.buffer.slice(payload.byteOffset + from, payload.byteOffset + to);
  const data = entry.dtype === 'F32' ? new Float32Array(bytes) : toFloat32(new Uint16Array(bytes));
  return { type: entry.dtype, shape: entry.shape, data };
}

/** Fills `buffer` from `position` on. */
type Fill = (buffer: Buffer, position: number) => Promise<void>;

async function decodeFile(fill: Fill, size: number, file: string): Promise<Safetensors> {
  if (size < prefixBytes) throw broken('the weights are cut off', file);
  const prefix = Buffer.alloc(prefixBytes);
  await fill(prefix, 0);
  const headerBytes = Number(prefix.readBigUInt64LE());
  if (headerBytes > largestHeader) throw broken('the header of the weights is too large', file);
  if (headerBytes > size - prefixBytes) throw broken('the weights are cut off', file);
  const header = Buffer.alloc(headerBytes);
  await fill(header, prefixBytes);
  const { entries, metadata } = parseHeader(header, file);
  const start = prefixBytes + headerBytes;
  checkLayout(entries, size - start, file);

  const payload = Buffer.from(new ArrayBuffer(size - start));
  await fill(payload, start);
  return {
    tensors: new Map(entries.map(([name, entry]) => [name, decode(entry, payload)])),
    metadata,
    sha256: createHash('sha256').update(prefix).update(header).update(payload).digest('hex'),
  };
}

/** Reads a file of F32 and F16 tensors. Throws a `model` Problem for any other and for a broken one. */
export async function readSafetensors(file: string): Promise<Safetensors> {
  const handle = await open(file).catch((error: unknown) => {
    throw broken('the weights cannot be opened', file, error);
  });
  try {
    const { size } = await handle.stat();
    const fill: Fill = async (buffer, position) => {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
      if (bytesRead !== buffer.length) throw broken('the weights are cut off', file);
    };
    return await decodeFile(fill, size, file);
  } finally {
    await handle.close();
  }
}

function encodeValues(name: string, { type, shape, data }: StoredTensor): Uint8Array {
  invariant(data.length === shape.reduce((product, length) => product * length, 1), `${name}: values and shape differ`);
  if (type === 'F32') return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (data.some((value) => Number.isFinite(value) && Math.abs(value) >= 65_520)) {
    throw new Problem('model', 'a weight is too large for float16', name, 'Store this tensor as float32.');
  }
  return new Uint8Array(toFloat16(data).buffer);
}

/** The bytes of a safetensors file. The same tensors give the same bytes, in whatever order they come. */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  // By falling size of the element, then by name, as the reference implementation orders them: every tensor stays aligned.
  const sorted = [...tensors].toSorted(
    ([a, { type: s }], [b, { type: t }]) => bytesOf[t] - bytesOf[s] || (a < b ? -1 : 1),
  );
  const header: Record<string, unknown> = Object.keys(metadata).length > 0 ? { __metadata__: metadata } : {};
  const values: Uint8Array[] = [];
  let offset = 0;
  for (const [name, tensor] of sorted) {
    const bytes = encodeValues(name, tensor);
    header[name] = { dtype: tensor.type, shape: tensor.shape, data_offsets: [offset, offset + bytes.length] };
    values.push(bytes);
    offset += bytes.length;
  }
  const json = Buffer.from(JSON.stringify(header));
  const padded = Buffer.alloc(Math.ceil(json.length / 8) * 8, ' ');
  padded.set(json);
  const prefix = Buffer.alloc(prefixBytes);
  prefix.writeBigUInt64LE(BigInt(padded.length));
  return Buffer.concat([prefix, padded, ...values]);
}
