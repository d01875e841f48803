import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openOnnxRuntime } from '../../ml/engines/onnxruntime/engine.ts';
import { plainLowering } from '../../ml/engines/onnxruntime/plain/plain.ts';
import { sizeOf } from '../../ml/graph/shape.ts';
import { initialise } from '../../ml/nn/parameters.ts';
import { fillNormal } from '../../ml/random/fillNormal.ts';
import { stream } from '../../ml/random/stream.ts';
import { benchGradients, benchInference } from '../speed/support/benchUnet.ts';
import { runPython } from '../support/python.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

const script = `
import sys, json, numpy, torch
sys.path.insert(0, sys.argv[1])
from bench_unet import UNet
folder, dimensions, names = sys.argv[2], int(sys.argv[3]), json.loads(sys.argv[4])

def theirs(name):
    parts = name.split('.')
    if parts[0] in ('encoder', 'decoder'):
        del parts[2]
    return '.'.join(parts).replace('scale', 'weight')

torch.manual_seed(0)
network = UNet(dimensions)
shape = json.loads(sys.argv[5])
parameters = dict(network.named_parameters())
assert sorted(theirs(n) for n in names) == sorted(parameters), sorted(parameters)
read = lambda n, t=numpy.float32: numpy.fromfile(f'{folder}/{n}.bin', t)
with torch.no_grad():
    for n in names:
        parameters[theirs(n)].copy_(torch.from_numpy(read(n)).reshape(parameters[theirs(n)].shape))
image = torch.from_numpy(read('image')).reshape(shape)
label = torch.from_numpy(read('label', numpy.int32)).long().reshape(shape[0], *shape[2:])
logits = network(image)
loss = torch.nn.functional.cross_entropy(logits, label)
loss.backward()
logits.detach().numpy().tofile(folder + '/logits.bin')
for n in names:
    parameters[theirs(n)].grad.numpy().tofile(f'{folder}/gradient.{n}.bin')
print(json.dumps({'loss': loss.item()}))
`;

async function readFloats(path: string): Promise<Float32Array> {
  const bytes = await readFile(path);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

/** Largest difference over the largest value. */
function relativeError(ours: ArrayLike<number>, theirs: Float32Array): number {
  expect(ours.length).toBe(theirs.length);
  const largest = theirs.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-12);
  return theirs.reduce((most, value, i) => Math.max(most, Math.abs(value - ours[i]!)), 0) / largest;
}

describe('the U-Net', () => {
  const lowerings = [
    ['plain', plainLowering],
    ['chosen by the machine', undefined],
  ] as const;
  const cases = ([2, 3] as const).flatMap((dimensions) =>
    lowerings.map((lowering) => [dimensions, ...lowering] as const),
  );

  it.each(cases)('has the logits and all gradients of PyTorch, %d-D, lowering %s', async (dimensions, _, lowering) => {
    const folder = temporaryFolder();
    const shape = dimensions === 2 ? [2, 1, 32, 48] : [1, 1, 16, 24, 16];
    const { graph, parameters } = benchGradients(dimensions, shape);
    const weights = initialise(parameters, 3);
    const image = new Float32Array(sizeOf(shape));
    fillNormal(image, stream(3, 'image'));
    const label = Int32Array.from(image, (value) => (value > 0.3 ? 1 : 0));
    for (const [name, values] of Object.entries({ ...weights, image, label }))
      await writeFile(join(folder, `${name}.bin`), values);
    const names = parameters.map(({ name }) => name);
    const speed = join(import.meta.dirname, '..', 'speed', 'support');
    const args = [speed, folder, String(dimensions), JSON.stringify(names), JSON.stringify(shape)];
    const said = await runPython<{ loss: number }>(script, args, { oracles: 'torch' });

    const engine = await openOnnxRuntime({ device: 'cpu', threads: 2, ...(lowering ? { lowering } : {}) });
    const state = Object.fromEntries(names.map((name) => [name, undefined]));
    const training = await engine.compile(graph, { state });
    training.setState(weights);
    const outputs = await training.run({ image, label });
    expect((await outputs['loss']!.read())[0]).toBeCloseTo(said.loss, 5);
    for (const name of names) {
      const ours = await outputs[`gradient.${name}`]!.read();
      const error = relativeError(ours, await readFloats(join(folder, `gradient.${name}.bin`)));
      expect(error, name).toBeLessThan(1e-4);
    }
    await training.dispose();

    const inference = await engine.compile(benchInference(dimensions, shape).graph, { constants: weights });
    const { logits } = await inference.run({ image });
    expect(relativeError(await logits!.read(), await readFloats(join(folder, 'logits.bin')))).toBeLessThan(1e-4);
    await inference.dispose();
  });
});
