import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exportOnnx } from '../../../../ml/engines/onnxruntime/export.ts';
import { openOnnxRuntime } from '../../../../ml/engines/onnxruntime/engine.ts';
import { inputsOf } from '../../../../ml/graph/graph.ts';
import { sizeOf } from '../../../../ml/graph/shape.ts';
import { networkGraph } from '../../../../ml/inference/networkGraph.ts';
import { initialise } from '../../../../ml/nn/parameters.ts';
import { fillNormal } from '../../../../ml/random/fillNormal.ts';
import { stream } from '../../../../ml/random/stream.ts';
import { runPython } from '../../../support/python.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import type { UNetConfig } from '../../../../ml/nn/unetConfig.ts';

const script = `
import sys, json, numpy, onnx, onnxruntime
folder, names = sys.argv[1], json.loads(sys.argv[2])
onnx.checker.check_model(folder + '/model.onnx', full_check=True)
session = onnxruntime.InferenceSession(folder + '/model.onnx', providers=['CPUExecutionProvider'])
shapes = {i.name: i.shape for i in session.get_inputs()}
feeds = {n: numpy.fromfile(f'{folder}/{n}.bin', numpy.float32).reshape(shapes[n]) for n in names}
session.run(None, feeds)[0].astype(numpy.float32).tofile(folder + '/result.bin')
domains = sorted({o.domain for o in onnx.load(folder + '/model.onnx').opset_import})
print(json.dumps({'inputs': shapes, 'domains': domains, 'metadata': session.get_modelmeta().custom_metadata_map}))
`;

const config = (dimensions: 2 | 3): UNetConfig => ({
  kind: 'unet',
  dimensions,
  imageChannels: 1,
  maskChannels: 3,
  classes: 3,
  membership: 'exclusive',
  channels: [8, 16, 32],
  blocks: 1,
  norm: 'instance',
  activation: 'gelu',
  attentionHeads: 2,
});

describe('an exported model', () => {
  it.each([2, 3] as const)('gives the same answer in Python, %d-D', async (dimensions) => {
    const folder = temporaryFolder();
    const patch = new Array<number>(dimensions).fill(16);
    const { graph, parameters } = networkGraph(config(dimensions), 1, patch);
    const weights = initialise(parameters, 7);
    await writeFile(join(folder, 'model.onnx'), exportOnnx(graph, weights, { name: 'a test' }));
    const names = [...inputsOf(graph).keys()].filter((name) => !(name in weights));
    const feeds: Record<string, Float32Array> = {};
    for (const name of names) {
      const values = new Float32Array(sizeOf(inputsOf(graph).get(name)!.shape));
      fillNormal(values, stream(1, name));
      feeds[name] = values;
      await writeFile(join(folder, `${name}.bin`), values);
    }

    const engine = await openOnnxRuntime({ device: 'cpu', threads: 1 });
    const program = await engine.compile(graph, { constants: weights });
    const { probability } = await program.run(feeds);
    const ours = await probability!.read();
    await program.dispose();

    const said = await runPython<{ domains: string[]; metadata: object }>(script, [folder, JSON.stringify(names)]);
    expect(said.domains).toEqual(['']);
    expect(said.metadata).toEqual({ name: 'a test' });
    const bytes = await readFile(join(folder, 'result.bin'));
    const theirs = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
    expect(theirs.length).toBe(ours.length);
    expect(Math.max(...theirs.map((value, i) => Math.abs(value - ours[i]!)))).toBeLessThan(1e-5);
  });
});
