import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { hippocampus } from '../datasets/folders.ts';
import { writeTinyModel } from '../services/segmentation/tinyModel.ts';
import { sfumato } from './launch.ts';
import { reportSchema } from './segmentReport.ts';

const scan = join(hippocampus, 'imagesTr', 'hippocampus_025.nii.gz');

it('sfumato segment runs the lower part of the chain from a pre-segmentation, and says how much of it', async () => {
  const folder = temporaryFolder();
  const model = await writeTinyModel(join(folder, 'model'));
  const out = join(folder, 'out');
  const { code, stderr } = await sfumato([
    ...['segment', scan, '--model', model.folder, '--out', out, '--method', 'pd-ddpm', '--samples', '2'],
    ...['--steps', '20', '--start', '0.12', '--save', 'mask', '--device', 'cpu'],
  ]);
  expect(code, stderr).toBe(0);
  const report = reportSchema.parse(JSON.parse(readFileSync(join(out, 'hippocampus_025', 'report.json'), 'utf8')));
  // The pre-segmentation once, and the lowest ceil(0.12 * 20) steps of each chain.
  const expected = { method: 'pd-ddpm', steps: 20, start: 0.12, samples: 2, networkPasses: 8 * (1 + 2 * 3) };
  expect(report).toMatchObject(expected);
});
