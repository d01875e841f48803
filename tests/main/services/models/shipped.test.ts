import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { preprocessImage } from '../../../../ml/data/preprocess.ts';
import { readWindow, windowStarts } from '../../../../ml/inference/windows.ts';
import { readImage } from '../../../../main/imaging/image.ts';
import { product } from '../../../../main/product/product.ts';
import { describe, expect, it } from 'vitest';
import { openModel } from '../../../../main/services/models/folder.ts';
import { findLibrary } from '../../../../main/services/models/library.ts';
import { openNetwork } from '../../../../main/services/models/openNetwork.ts';
import { openOnnxRuntime } from '../../../../ml/engines/onnxruntime/engine.ts';
import { sfumato } from '../../cli/launch.ts';
import { runPython } from '../../../support/python.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const { shipped } = findLibrary();
const names = readdirSync(shipped);
const MOST_BYTES = 8 * 2 ** 20;

const script = `
import sys, json, numpy, onnxruntime
folder, name = sys.argv[1], sys.argv[2]
largest = {}
for kind in ('direct', 'diffusion'):
    session = onnxruntime.InferenceSession(f'{folder}/{name}-{kind}.onnx', providers=['CPUExecutionProvider'])
    shapes = {i.name: i.shape for i in session.get_inputs()}
    feeds = {n: numpy.fromfile(f'{folder}/{n}.bin', numpy.float32)[:int(numpy.prod(s))].reshape(s) for n, s in shapes.items()}
    theirs = session.run(None, feeds)[0].ravel()
    ours = numpy.fromfile(f'{folder}/{kind}.bin', numpy.float32)
    largest[kind] = float(numpy.abs(theirs - ours).max())
print(json.dumps(largest))
`;

describe.each(names)('the shipped model %s', (name) => {
  it('is whole, small, and says on whom it was measured', async () => {
    const { description, folder } = await openModel(join(shipped, name));
    for (const network of Object.values(description.networks))
      expect(statSync(join(folder, network!.file)).size).toBeLessThanOrEqual(MOST_BYTES);
    expect(description.training.scores.length).toBeGreaterThan(0);
    for (const { cases, interval, mean } of description.training.scores) {
      expect(cases).toBeGreaterThan(1);
      expect(interval[0]).toBeLessThanOrEqual(mean);
      expect(interval[1]).toBeGreaterThanOrEqual(mean);
    }
  });

  it('gives the same probabilities in Python after `models export --onnx`', async () => {
    const folder = temporaryFolder();
    expect(await sfumato(['models', 'export', name, '--onnx', '--out', folder])).toMatchObject({ code: 0 });
    const model = await openModel(join(shipped, name));
    const { plan, channels, labels } = model.description;
    const voxels = plan.patch.reduce((a, b) => a * b);
    const { volume } = await readImage(join(product.resources, 'samples', name, 'hippocampus.nii.gz'));
    const prepared = preprocessImage(volume, {
      dimensions: 3,
      spacing: plan.spacing,
      normalisation: plan.normalisation,
    });
    const shape = prepared.grid.shape.toReversed();
    const image = readWindow(prepared.data, shape, plan.patch, windowStarts(shape, plan.patch)[0]!);
    expect(image).toHaveLength(channels.length * voxels);
    const mask = Float32Array.from({ length: labels.length * voxels }, (_, i) => (i % 7) / 7);
    writeFileSync(join(folder, 'image.bin'), image);
    writeFileSync(join(folder, 'mask.bin'), mask);
    writeFileSync(join(folder, 'time.bin'), Float32Array.of(0.25));
    const engine = await openOnnxRuntime({ device: 'cpu', threads: 2 });
    for (const kind of ['direct', 'diffusion'] as const) {
      const network = await openNetwork(model, kind, engine, plan.patch);
      const noisy = kind === 'diffusion' ? { mask, time: 0.25 } : undefined;
      writeFileSync(join(folder, `${kind}.bin`), await network.predict(image, noisy));
      await network.dispose();
    }
    const largest = await runPython<Record<'direct' | 'diffusion', number>>(script, [folder, name]);
    expect(largest.direct).toBeLessThan(1e-5);
    expect(largest.diffusion).toBeLessThan(1e-5);
  });
});
