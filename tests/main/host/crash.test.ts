import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hippocampus } from '../datasets/folders.ts';
import { computeProcesses } from './computeProcesses.ts';
import { jobIn, testHost } from './testHost.ts';

const scan = join(hippocampus, 'imagesTr', 'hippocampus_025.nii.gz');

describe('the host', () => {
  it('says in words that its compute process was killed, lives on, and offers the job again', async () => {
    const host = await testHost();
    const [study] = (await host.ask('studies:open', { paths: [scan] })).studies;
    const ask = { study: study!.study, channels: [study!.volumes[0]!.volume], model: 'hippocampus' };
    const { job } = await host.ask('segmentations:run', { ...ask, method: 'diffusion', samples: 3, steps: 2 });
    await new Promise<void>((begun) => {
      host.client.on('segmentation:preview', () => {
        begun();
      });
    });
    for (const one of computeProcesses()) process.kill(one, 'SIGKILL');
    expect(await jobIn(host, job)).toMatchObject({
      state: 'interrupted',
      problem: { kind: 'memory', where: 'compute process' },
    });
    expect(await host.ask('segmentations:list', { study: study!.study })).toEqual([]);
    expect(await host.ask('volumes:open', { volume: study!.volumes[0]!.volume })).toMatchObject({ channels: 1 });
    await host.ask('jobs:retry', { job });
    expect(await jobIn(host, job, 'done')).toMatchObject({ outcome: { kind: 'segmentation' } });
    expect(await host.ask('segmentations:list', { study: study!.study })).toHaveLength(1);
  });
});
