import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { exportModel } from '../../../../main/services/models/exportOnnx.ts';
import { importOnnx } from '../../../../main/services/models/importOnnx.ts';
import { listModels } from '../../../../main/services/models/library.ts';
import type { ProblemKind } from '../../../../ml/check/problem.ts';
import type { Engine } from '../../../../ml/engines/engine.ts';
import { openOnnxRuntime } from '../../../../ml/engines/onnxruntime/engine.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import { writeTinyModel } from '../segmentation/tinyModel.ts';
import { foreignSpec } from './foreignSpec.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openOnnxRuntime({ device: 'cpu', threads: 1 });
});

it.each<[string, Record<string, unknown>, ProblemKind, RegExp]>([
  [
    'another number of channels',
    { channels: ['T1', 'T2'] },
    'model',
    /image is \[1, 1, 16, 16, 16\], and .* \[1, 2, 16/,
  ],
  [
    'another number of labels',
    { labels: ['background', 'hippocampus'] },
    'model',
    /probability is \[1, 3, 16, 16, 16\]/,
  ],
  ['another patch', { patch: [16, 16, 8] }, 'model', /says \[1, 1, 16, 16, 8\]/],
  [
    'no background',
    { labels: ['a', 'b', 'c'].map((name, n) => ({ value: n + 1, name })) },
    'data',
    /background, value 0/,
  ],
  [
    'a normalisation too many',
    { normalisation: [...foreignSpec.normalisation, ...foreignSpec.normalisation] },
    'data',
    /one a channel/,
  ],
  ['a spacing too few', { spacing: [2, 2] }, 'data', /there must be one for each side of the patch/],
  ['axes that are none', { axes: 'XYZ' }, 'data', /axes\). Correct the description/],
  ['a field that is none', { label: [] }, 'data', /label/],
  ['nothing of its training', { trainedOn: undefined }, 'data', /trainedOn/],
])('refuses a description with %s, and leaves nothing', async (_, changes, kind, message) => {
  const folder = temporaryFolder();
  const library = { shipped: join(folder, 'shipped'), own: join(folder, 'own') };
  const [onnx] = await exportModel(await writeTinyModel(join(folder, 'tiny')), folder, 'refuse');
  writeFileSync(join(folder, 'spec.json'), JSON.stringify({ ...foreignSpec, ...changes }));
  const importing = importOnnx(onnx!, join(folder, 'spec.json'), library, engine, 'refuse');
  await expect(importing).rejects.toMatchObject({ kind, message: expect.stringMatching(message) as string });
  expect(await listModels(library)).toEqual([]);
});
