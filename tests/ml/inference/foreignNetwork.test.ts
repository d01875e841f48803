import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../ml/engines/engine.ts';
import { openOnnxRuntime } from '../../../ml/engines/onnxruntime/engine.ts';
import { activations } from '../../../ml/inference/activations.ts';
import { foreignSchema, type ForeignConfig } from '../../../ml/inference/foreignConfig.ts';
import { openForeignNetwork } from '../../../ml/inference/foreignNetwork.ts';
import { writeOnnx, type OnnxFile } from '../../support/onnxFile.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const config: ForeignConfig = {
  kind: 'onnx',
  dimensions: 3,
  imageChannels: 1,
  maskChannels: 0,
  classes: 2,
  activation: 'none',
  axes: 'SPL',
};

let engine: Engine;
beforeAll(async () => {
  engine = await openOnnxRuntime({ device: 'cpu', threads: 1 });
});

async function answer(
  image: readonly number[],
  patch: readonly number[],
  changes: Partial<ForeignConfig>,
  file: OnnxFile,
): Promise<Float32Array> {
  const bytes = readFileSync(await writeOnnx(join(temporaryFolder(), 'x.onnx'), file));
  const network = await openForeignNetwork(engine, { ...config, ...changes }, patch, bytes);
  const probability = await network.predict(Float32Array.from(image));
  await network.dispose();
  return probability;
}

describe('a network from elsewhere', () => {
  it('sees the patch along its own axes and answers along ours', async () => {
    const image = Array.from({ length: 24 }, (_, v) => 1 + (v % 5));
    // Tensor axes to patient right, anterior and superior: extents i, j, k, and a sum from the left to the right.
    const found = await answer(image, [2, 3, 4], { axes: 'RAS' }, { input: [1, 1, 4, 3, 2] });
    const sums = image.map((_, v) => {
      const row = v - (v % 4);
      return image.slice(v, row + 4).reduce((total, value) => total + value, 0);
    });
    expect([...found]).toEqual([...sums.map((sum) => -sum), ...sums]);
  });

  it('takes its extents from the patch where the file leaves them free, batch and space', async () => {
    const found = await answer([1, 2, 3, 4], [2, 2], { dimensions: 2, axes: 'PL' }, { input: ['n', 1, 'h', 'w'] });
    expect([...found]).toEqual([-1, -2, -4, -6, 1, 2, 4, 6]);
  });

  it('gives probabilities of logits, however large', async () => {
    const found = await answer([0, 0.5, 1000, -2001], [4, 1, 1], { activation: 'softmax' }, { input: [1, 1, 4, 1, 1] });
    // Logits are minus and plus 0, 0.5, 1000.5 and -1000.5.
    const half = 1 / (1 + Math.exp(-1));
    for (const [at, value] of [0.5, 1 - half, 0, 1, 0.5, half, 1, 0].entries()) expect(found[at]).toBeCloseTo(value, 6);
  });

  it('gives both classes of one output', () => {
    const [first, second, third, fourth] = activations.sigmoid(Float32Array.of(0, 2000), 2);
    expect([first, second, third, fourth]).toEqual([0.5, 0, 0.5, 1]);
  });

  it.each<[string, OnnxFile, RegExp]>([
    [
      'of another patch',
      { input: [1, 1, 4, 3, 3] },
      /image is \[1, 1, 4, 3, 3\], and the description says \[1, 1, 4, 3, 2\]/,
    ],
    ['of other channels', { input: [1, 2, 4, 3, 2] }, /image is \[1, 2, 4, 3, 2\]/],
    ['of other dimensions', { input: [1, 1, 4, 3] }, /image is \[1, 1, 4, 3\]/],
    ['of a fixed batch', { input: [2, 1, 4, 3, 2] }, /image is \[2, 1, 4, 3, 2\]/],
    ['of half precision', { type: 'FLOAT16' }, /image holds float16 instead of float32/],
    ['of whole numbers', { type: 'INT64' }, /image holds int64 instead of float32/],
    ['with two inputs', { inputs: 2 }, /has 2 inputs \(image, other\) instead of one/],
    ['with two outputs', { outputs: 2 }, /has 2 outputs \(logits, sum\) instead of one/],
    ['in operators of tomorrow', { operators: 99 }, /cannot load the network: .*99/],
    ['in operators of one maker', { domain: 'com.maker' }, /needs operators of com.maker/],
    ['without its weights', { isSplit: true }, /its weights are in another file/],
  ])('is refused %s', async (_, file, message) => {
    await expect(answer(new Array<number>(24).fill(0), [4, 3, 2], {}, file)).rejects.toThrow(message);
  });

  it('is refused where the bytes are none', async () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('no network at all')])
      await expect(openForeignNetwork(engine, config, [4, 3, 2], bytes)).rejects.toThrow(/this is no ONNX file/);
  });
});

describe('foreignSchema', () => {
  it.each([
    ['SPL', 3, true],
    ['RAS', 3, true],
    ['ILA', 3, true],
    ['RAR', 3, false],
    ['RASL', 3, false],
    ['XYZ', 3, false],
    ['PL', 2, true],
    ['RA', 2, true],
    ['SL', 2, false],
    ['PL', 3, false],
  ] as const)('axes %s in %d dimensions', (axes, dimensions, isGood) => {
    expect(foreignSchema.safeParse({ ...config, axes, dimensions }).success).toBe(isGood);
  });

  it('knows one structure beside the background where each output is a sigmoid', () => {
    expect(foreignSchema.safeParse({ ...config, activation: 'sigmoid' }).success).toBe(true);
    expect(foreignSchema.safeParse({ ...config, activation: 'sigmoid', classes: 3 }).success).toBe(false);
  });
});
