import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { addressesIn, watchedBy } from '../../support/strace.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { serveIn } from './servedProcess.ts';

it('calls nobody, whatever the person does: open, look, segment, export, ask for models', async () => {
  const folder = temporaryFolder();
  const seen = join(folder, 'seen.txt');
  const served = await serveIn(folder, watchedBy(seen));
  const { ask } = served;
  const [study] = (await ask('studies:openSample', {})).studies;
  const { volume } = study!.volumes[0]!;
  await ask('volumes:open', { volume });
  await ask('models:list', {});
  const run = { study: study!.study, channels: [volume], model: 'hippocampus', method: 'direct' as const };
  const { job } = await ask('segmentations:run', run);
  await expect
    .poll(async () => (await ask('jobs:list', {})).find((one) => one.job === job)?.state, patient)
    .toBe('done');
  const [made] = await ask('segmentations:list', { study: study!.study });
  const exported = { segmentation: made!.segmentation, map: 'mask' as const, replace: false };
  await ask('segmentations:export', { ...exported, path: join(folder, 'mask.nii.gz') });
  await served.stop();
  expect(addressesIn(seen)).toEqual([]);
}, 180_000);

const patient = { timeout: 120_000, interval: 500 };

it('would see it if it did', () => {
  const seen = join(temporaryFolder(), 'seen.txt');
  const [program, ...args] = watchedBy(seen);
  const call =
    "require('net').connect(9, '192.0.2.1').on('error', () => 0).setTimeout(300, function () { this.destroy(); })";
  const script = `require('child_process').execFileSync(process.execPath, ['-e', ${JSON.stringify(call)}])`;
  spawnSync(program!, [...args, process.execPath, '-e', script], { timeout: 10_000 });
  expect(addressesIn(seen)).toContain('192.0.2.1');
});
