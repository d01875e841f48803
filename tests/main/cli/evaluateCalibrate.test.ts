import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openModel } from '../../../main/services/models/folder.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { hippocampus } from '../datasets/folders.ts';
import { writeTinyModel } from '../services/evaluation/tinyModel.ts';
import { sfumato } from './launch.ts';

const readJson = (...path: readonly string[]): unknown => JSON.parse(readFileSync(join(...path), 'utf8'));

it('sfumato evaluate --calibrate stores a temperature that every later run uses, and keeps the masks', async () => {
  const folder = temporaryFolder();
  const { folder: model } = await writeTinyModel(join(folder, 'model'));
  const cpu = ['--model', model, '--device', 'cpu'];
  const segment = async (name: string): Promise<string> => {
    const scan = join(hippocampus, 'imagesTr', 'hippocampus_025.nii.gz');
    const { code, stderr } = await sfumato(['segment', scan, ...cpu, '--out', join(folder, name)]);
    expect(code, stderr).toBe(0);
    return join(folder, name, 'hippocampus_025');
  };
  const before = await segment('before');
  const evaluated = ['evaluate', hippocampus, ...cpu, '--calibrate', '--out', join(folder, 'out')];
  const { code, stdout, stderr } = await sfumato(evaluated);
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/temperature [\d.]+, stored with the model: calibration error [\d.]+ before, [\d.]+ after/);
  expect(stdout).toContain('validation split');
  const [stored, ...others] = (await openModel(model)).description.calibration!;
  expect(others).toEqual([]);
  expect(stored!.errorAfter).toBeLessThan(stored!.errorBefore);
  expect(readJson(folder, 'out', 'metrics.json')).toMatchObject({ temperature: { temperature: stored!.temperature } });
  expect(readFileSync(join(folder, 'out', 'report.html'), 'utf8')).toContain('With the temperature');

  const after = await segment('after');
  expect(readJson(before, 'report.json')).toMatchObject({ temperature: 1 });
  expect(readJson(after, 'report.json')).toMatchObject({ temperature: stored!.temperature });
  expect(readFileSync(join(after, 'mask.nii.gz'))).toEqual(readFileSync(join(before, 'mask.nii.gz')));
  expect(readFileSync(join(after, 'entropy.nii.gz'))).not.toEqual(readFileSync(join(before, 'entropy.nii.gz')));
}, 180_000);

it('sfumato evaluate --calibrate refuses test cases, and models that came with the product', async () => {
  const folder = temporaryFolder();
  const { folder: model } = await writeTinyModel(join(folder, 'model'));
  const run = (...args: readonly string[]) =>
    sfumato(['evaluate', hippocampus, '--calibrate', '--out', join(folder, 'out'), ...args]);
  const onTest = await run('--model', model, '--split', 'test');
  expect(onTest.stderr).toContain('a temperature is fitted on validation cases (--calibrate)');
  const shipped = await run('--model', 'hippocampus');
  expect(shipped.stderr).toContain('hippocampus came with the product and is not changed (--calibrate)');
  expect([onTest.code, shipped.code]).toEqual([2, 2]);
});
