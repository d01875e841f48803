import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { importOnnx } from '../../main/services/models/importOnnx.ts';
import { openNetwork } from '../../main/services/models/openNetwork.ts';
import { openOnnxRuntime } from '../../ml/engines/onnxruntime/engine.ts';
import { sfumato } from '../main/cli/launch.ts';
import { hippocampus } from '../main/datasets/folders.ts';
import { foreignSpec } from '../main/services/models/foreignSpec.ts';
import { runPython } from '../support/python.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

/** A U-Net and a segmentor whose encoder is a transformer over patches of 4 x 4 x 4, on 32 x 32 x 32 voxels, as PyTorch exports them. */
const script = `
import sys, torch
from torch import nn
folder, kind = sys.argv[1], sys.argv[2]
torch.manual_seed(0)
torch.set_num_threads(2)
torch.backends.mha.set_fastpath_enabled(False)

def block(given, wanted):
    return nn.Sequential(nn.Conv3d(given, wanted, 3, padding=1), nn.InstanceNorm3d(wanted, affine=True), nn.LeakyReLU(0.01))

class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second, self.third = block(1, 8), block(8, 16), block(16, 8)
        self.up, self.head = nn.ConvTranspose3d(16, 8, 2, 2), nn.Conv3d(8, 3, 1)
    def forward(self, x):
        fine = self.first(x)
        coarse = self.second(nn.functional.max_pool3d(fine, 2))
        return self.head(self.third(torch.cat([fine, self.up(coarse)], 1)))

class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Conv3d(1, 32, 4, 4)
        self.place = nn.Parameter(0.1 * torch.randn(1, 512, 32))
        layer = nn.TransformerEncoderLayer(32, 4, 64, dropout=0.0, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2)
        self.up, self.head = nn.ConvTranspose3d(32, 8, 4, 4), nn.Conv3d(9, 3, 3, padding=1)
    def forward(self, x):
        tokens = self.embed(x)
        encoded = self.encoder(tokens.flatten(2).transpose(1, 2) + self.place)
        features = self.up(encoded.transpose(1, 2).reshape(-1, 32, 8, 8, 8))
        return self.head(torch.cat([x, features], 1))

network = {'unet': UNet, 'transformer': Transformer}[kind]().eval()
image = torch.randn(1, 1, 32, 32, 32)
with torch.no_grad():
    probability = torch.softmax(network(image), 1)
image.numpy().tofile(f'{folder}/image.bin')
probability.numpy().tofile(f'{folder}/probability.bin')
torch.onnx.export(network, (image,), f'{folder}/{kind}.onnx', dynamo=False, opset_version=17,
                  input_names=['image'], output_names=['logits'], dynamic_axes={'image': {0: 'n'}, 'logits': {0: 'n'}})
print(1)`;

const scan = join(hippocampus, 'imagesTr', 'hippocampus_025.nii.gz');

const readFloats = (file: string): Float32Array => {
  const bytes = readFileSync(file);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
};

it.each(['unet', 'transformer'])('a PyTorch %s is a segmentor and a prior here', async (kind) => {
  const folder = temporaryFolder();
  await runPython<number>(script, [folder, kind], { oracles: 'torch' });
  const spec = join(folder, 'spec.json');
  const side = { patch: [32, 32, 32], spacing: [1, 1, 1], activation: 'softmax' };
  const labels = ['background', 'anterior', 'posterior'];
  writeFileSync(spec, JSON.stringify({ ...foreignSpec, ...side, labels, name: kind }));
  const engine = await openOnnxRuntime({ device: 'cpu', threads: 2 });
  const library = { shipped: join(folder, 'shipped'), own: join(folder, 'models') };
  const model = await importOnnx(join(folder, `${kind}.onnx`), spec, library, engine, 'refuse');

  const network = await openNetwork(model, 'direct', engine, [32, 32, 32]);
  const probability = await network.predict(readFloats(join(folder, 'image.bin')));
  const expected = readFloats(join(folder, 'probability.bin'));
  expect(probability.length).toBe(expected.length);
  const furthest = probability.reduce((most, value, at) => Math.max(most, Math.abs(value - expected[at]!)), 0);
  await network.dispose();
  expect(furthest).toBeLessThan(1e-5);

  const run = async (args: readonly string[], out: string): Promise<unknown> => {
    const target = join(folder, out);
    const ended = await sfumato([...args, '--device', 'cpu', '--out', target], { SFUMATO_HOME: folder });
    expect(ended.code, ended.stderr).toBe(0);
    return JSON.parse(readFileSync(join(target, 'hippocampus_025', 'report.json'), 'utf8'));
  };
  const chain = ['--model', 'hippocampus', '--steps', '5', '--samples', '1', '--start', '0.2'];
  expect(await run(['segment', scan, '--model', kind], 'direct')).toMatchObject({ method: 'direct' });
  const mask = join(folder, 'direct', 'hippocampus_025', 'probability.nii.gz');
  expect(await run(['refine', scan, '--mask', mask, ...chain], 'refined')).toMatchObject({ networkPasses: 1 });
  const prior = await run(['segment', scan, '--prior', kind, ...chain], 'prior');
  expect(prior).toMatchObject({ method: 'pd-ddpm', prior: `model ${kind}` });
  const [refined, primed] = ['refined', 'prior'].map((out) =>
    readFileSync(join(folder, out, 'hippocampus_025', 'mask.nii.gz')),
  );
  expect(refined).toEqual(primed);
});
