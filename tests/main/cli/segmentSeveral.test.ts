import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readImage } from '../../../main/imaging/image.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { hippocampus } from '../datasets/folders.ts';
import { loudWeights, writeTinyModel } from '../services/segmentation/tinyModel.ts';
import { sfumato } from './launch.ts';

const scan = join(hippocampus, 'imagesTr', 'hippocampus_025.nii.gz');

it('sfumato segment takes several models as one, and saves the steps of the first sample', async () => {
  const folder = temporaryFolder();
  const weights = (seed: number) => (network: Parameters<typeof loudWeights>[0]) => loudWeights(network, seed);
  const folds = [1, 2].map((seed) => writeTinyModel(join(folder, `fold${seed}`), { weights: weights(seed) }));
  const models = (await Promise.all(folds)).flatMap((model) => ['--model', model.folder]);
  const out = join(folder, 'out');
  const how = ['--method', 'diffusion', '--samples', '1', '--steps', '3', '--save', 'mask,samples,trajectory'];
  const { code, stderr } = await sfumato(['segment', scan, ...models, ...how, '--out', out, '--device', 'cpu']);
  expect(code, stderr).toBe(0);
  const read = (name: string) => readImage(join(out, 'hippocampus_025', `${name}.nii.gz`));
  const [{ volume: samples }, { volume: trajectory }] = [await read('samples'), await read('trajectory')];
  const voxels = 35 * 48 * 35;
  expect([samples.channels, trajectory.channels]).toEqual([2, 3]);
  expect(trajectory.data.subarray(2 * voxels)).toEqual(samples.data.subarray(0, voxels));
  const report = JSON.parse(readFileSync(join(out, 'hippocampus_025', 'report.json'), 'utf8')) as unknown;
  expect(report).toMatchObject({ model: { name: 'tiny' }, members: [{ name: 'tiny' }, { name: 'tiny' }] });
  expect(readFileSync(join(out, 'hippocampus_025', 'report.html'), 'utf8')).toContain('tiny 1.0.0, tiny 1.0.0');
});

it('sfumato segment has no steps to save of the direct method', async () => {
  const folder = temporaryFolder();
  const { folder: model } = await writeTinyModel(join(folder, 'model'));
  const how = ['--method', 'direct', '--save', 'trajectory', '--out', join(folder, 'out'), '--device', 'cpu'];
  const { code, stderr } = await sfumato(['segment', scan, '--model', model, ...how]);
  expect(code).toBe(2);
  expect(stderr).toContain('the direct method has no chain (--save trajectory)');
});
