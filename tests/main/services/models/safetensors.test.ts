import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeSafetensors, readSafetensors, type StoredTensor } from '../../../../main/services/models/safetensors.ts';
import { runPython } from '../../../support/python.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const shapes = fc.array(fc.nat(4), { maxLength: 4 });
const sizeOf = (shape: readonly number[]) => shape.reduce((product, length) => product * length, 1);
const values = fc.float({ min: -60_000, max: 60_000, noNaN: true });
/** Halves of small integers: exact in both types. */
const tensor: fc.Arbitrary<StoredTensor> = fc
  .tuple(fc.constantFrom('F32' as const, 'F16' as const), shapes)
  .chain(([type, shape]) =>
    fc
      .array(type === 'F32' ? values : fc.integer({ min: -2048, max: 2048 }), {
        minLength: sizeOf(shape),
        maxLength: sizeOf(shape),
      })
      .map((data) => ({ type, shape, data: Float32Array.from(data) })),
  );
const names = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }).filter((name) => !name.startsWith('__'));
const tensors = fc.array(fc.tuple(names, tensor), { maxLength: 6 }).map((entries) => new Map(entries));

/** A file made by hand: any header before any number of bytes of values. */
function makeFile(header: unknown, payloadBytes: number, headerBytes?: bigint): Buffer {
  const text = typeof header === 'string' ? header : JSON.stringify(header);
  const json = header instanceof Buffer ? header : Buffer.from(text);
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(headerBytes ?? BigInt(json.length));
  return Buffer.concat([prefix, json, Buffer.alloc(payloadBytes)]);
}

async function read(bytes: Uint8Array) {
  const file = join(temporaryFolder(), 'weights.safetensors');
  writeFileSync(file, bytes);
  return readSafetensors(file);
}

describe('encodeSafetensors and readSafetensors', () => {
  it('give back any tensors, names and metadata', async () => {
    const file = join(temporaryFolder(), 'weights.safetensors');
    await fc.assert(
      fc.asyncProperty(
        tensors,
        fc.dictionary(names, fc.string(), { noNullPrototype: true }),
        async (given, metadata) => {
          writeFileSync(file, encodeSafetensors(given, metadata));
          const back = await readSafetensors(file);
          expect(back.tensors).toEqual(given);
          expect(back.metadata).toEqual(metadata);
        },
      ),
    );
  });

  it('write the same bytes in whatever order the tensors come', () => {
    fc.assert(
      fc.property(tensors, (given) => {
        expect(encodeSafetensors(new Map([...given].toReversed()))).toEqual(encodeSafetensors(given));
      }),
    );
  });

  it('refuse to store a weight as infinity', () => {
    const large: StoredTensor = { type: 'F16', shape: [1], data: Float32Array.of(70_000) };
    expect(() => encodeSafetensors(new Map([['w', large]]))).toThrow(/too large for float16 \(w\)/);
  });
});

describe('the Python package safetensors', () => {
  const given = new Map<string, StoredTensor>([
    ['decoder.0.weight', { type: 'F32', shape: [2, 3], data: Float32Array.of(1, -2.5, 3e-8, 4e7, 0.1, 6) }],
    ['encoder.0.weight', { type: 'F16', shape: [3, 1, 1], data: Float32Array.of(0.5, -0.25, 1024) }],
    ['encoder.0.bias', { type: 'F16', shape: [1], data: Float32Array.of(6.103515625e-5) }],
    ['scale', { type: 'F32', shape: [], data: Float32Array.of(7) }],
    ['nothing', { type: 'F32', shape: [0, 3], data: new Float32Array() }],
  ]);

  it('reads what we write', async () => {
    const file = join(temporaryFolder(), 'ours.safetensors');
    writeFileSync(file, encodeSafetensors(given, { made: 'here' }));
    const script = `
import json, sys
from safetensors import safe_open
with safe_open(sys.argv[1], 'numpy') as f:
    tensors = {k: [str(f.get_tensor(k).dtype), list(f.get_tensor(k).shape), f.get_tensor(k).astype('float64').ravel().tolist()] for k in f.keys()}
    print(json.dumps({'metadata': f.metadata(), 'tensors': tensors}))`;
    const types = { F32: 'float32', F16: 'float16' };
    expect(await runPython<unknown>(script, [file])).toEqual({
      metadata: { made: 'here' },
      tensors: Object.fromEntries(
        [...given].map(([name, { type, shape, data }]) => [name, [types[type], shape, [...data]]]),
      ),
    });
  });

  it('writes what we read, byte for byte what we would have written', async () => {
    const file = join(temporaryFolder(), 'theirs.safetensors');
    const script = `
import json, sys, numpy
from safetensors.numpy import save_file
given = json.loads(sys.stdin.read())
save_file({k: numpy.array(v, dtype=t).reshape(s) for k, t, s, v in given}, sys.argv[1], metadata={'made': 'there'})
print('null')`;
    const types = { F32: 'float32', F16: 'float16' };
    const input = [...given].map(([name, { type, shape, data }]) => [name, types[type], shape, [...data]]);
    await runPython<null>(script, [file], { input: JSON.stringify(input) });
    const back = await readSafetensors(file);
    expect(back.tensors).toEqual(given);
    expect(back.metadata).toEqual({ made: 'there' });
    writeFileSync(`${file}.ours`, encodeSafetensors(given, { made: 'there' }));
    expect((await readSafetensors(`${file}.ours`)).sha256).toBe(back.sha256);
  });
});

describe('readSafetensors refuses', () => {
  const entry = (from: number, to: number, shape: readonly number[] = [(to - from) / 4], dtype = 'F32') => ({
    dtype,
    shape,
    data_offsets: [from, to],
  });
  const cases: [title: string, file: Buffer, message: RegExp][] = [
    ['an empty file', Buffer.alloc(0), /cut off/],
    ['a header longer than the file', makeFile('{}', 0, 1000n), /cut off/],
    ['a header of 2^64 - 1 bytes', makeFile('{}', 0, 2n ** 64n - 1n), /too large/],
    ['a header that is not JSON', makeFile('not json', 0), /not JSON/],
    ['a header that is not UTF-8', makeFile(Buffer.from('{"\xff":0}', 'latin1'), 0), /not JSON/],
    ['a header that is a list', makeFile([], 0), /wrong/],
    ['a header that nests without end', makeFile('['.repeat(1e6), 0), /not JSON/],
    ['a type we do not know', makeFile({ w: entry(0, 4, [1], 'I32') }, 4), /w.dtype: only F32 and F16/],
    ['unknown fields', makeFile({ w: { ...entry(0, 4), code: 'x' } }, 4), /w: .*code/],
    ['a shape of negative lengths', makeFile({ w: entry(0, 4, [-1, -1]) }, 4), /wrong/],
    ['a shape of fractions', makeFile({ w: entry(0, 4, [0.5, 2]) }, 4), /wrong/],
    ['a shape of absurd lengths', makeFile({ w: entry(0, 4, [2 ** 52, 2 ** 52, 2 ** 52]) }, 4), /does not lie/],
    ['a tensor beyond the end', makeFile({ w: entry(0, 4e12) }, 4), /header says 4000000000000/],
    ['offsets that run backwards', makeFile({ w: entry(4, 0, [1]) }, 4), /does not lie/],
    ['tensors that overlap', makeFile({ a: entry(0, 8), b: entry(4, 12) }, 12), /"b" does not lie/],
    ['holes between tensors', makeFile({ a: entry(0, 4), b: entry(8, 12) }, 12), /"b" does not lie/],
    ['values that no tensor covers', makeFile({ a: entry(0, 4) }, 8), /have 8 bytes, their header says 4/],
    [
      "a tensor with the name of an object's inside",
      makeFile('{"__proto__":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 4),
      /says 0/,
    ],
    ['metadata that is not text', makeFile({ __metadata__: { a: 1 } }, 0), /__metadata__/],
  ];

  it.each(cases)('%s', async (_title, file, message) => {
    await expect(read(file)).rejects.toMatchObject({
      name: 'Problem',
      kind: 'model',
      what: expect.stringMatching(message) as unknown,
    });
  });

  it('a file that is not there', async () => {
    await expect(readSafetensors('nowhere.safetensors')).rejects.toMatchObject({
      kind: 'model',
      where: 'nowhere.safetensors',
    });
  });

  it('every truncation of a good file', async () => {
    const file = join(temporaryFolder(), 'weights.safetensors');
    const whole = encodeSafetensors(new Map([['w', { type: 'F32', shape: [5], data: new Float32Array(5) }]]));
    for (let length = 0; length < whole.length; length++) {
      writeFileSync(file, whole.subarray(0, length));
      await expect(readSafetensors(file)).rejects.toMatchObject({ kind: 'model' });
    }
  });

  it('or reads a file with any byte changed, and never fails otherwise', async () => {
    const file = join(temporaryFolder(), 'weights.safetensors');
    const whole = encodeSafetensors(new Map([['w', { type: 'F16', shape: [3], data: new Float32Array(3) }]]));
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const changed = Buffer.from(whole);
        changed[at]! ^= change;
        writeFileSync(file, changed);
        const outcome = await readSafetensors(file).then(
          () => 'read',
          (error: unknown) => error,
        );
        if (outcome !== 'read') expect(outcome).toMatchObject({ name: 'Problem', kind: 'model' });
      }),
    );
  });
});
