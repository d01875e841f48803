import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hippocampus } from '../datasets/folders.ts';
import { writeTinyModel } from '../services/segmentation/tinyModel.ts';
import { jobIn, testHost, type TestHost } from './testHost.ts';

const scan = join(hippocampus, 'imagesTr', 'hippocampus_025.nii.gz');
const structures = [{ value: 1, name: 'one', colour: '#112233', locked: false }];

async function opened({ ask }: TestHost) {
  const [study] = (await ask('studies:open', { paths: [scan] })).studies;
  const { volume } = study!.volumes[0]!;
  const { grid } = await ask('volumes:open', { volume });
  return { study: study!.study, volume, voxels: grid.shape[0] * grid.shape[1] * grid.shape[2], depth: grid.shape[2] };
}

async function labelsOf({ ask }: TestHost, mask: string, depth: number): Promise<Uint8Array> {
  await ask('volumes:open', { volume: mask });
  return new Uint8Array((await ask('volumes:slices', { volume: mask, channel: 0, from: 0, to: depth })).bytes);
}

const bytesOf = (...values: number[]): ArrayBuffer => Uint8Array.from(values).buffer;

describe('a segmentation that is drawn', () => {
  it('begins empty, keeps what is saved, and its structures', async () => {
    const host = await testHost();
    const { volume, study, voxels, depth } = await opened(host);
    const made = await host.ask('segmentations:create', { volume, name: 'drawn', structures });
    expect(made).toMatchObject({ study, made: null, edited: false, maps: { entropy: null } });
    expect(new Set(await labelsOf(host, made.maps.mask, depth))).toEqual(new Set([0]));
    const labels = new Uint8Array(voxels).fill(1, 5, 9);
    const { segmentation } = made;
    await host.ask('segmentations:save', { segmentation, dataType: 'uint8', bytes: labels.slice().buffer });
    expect(await labelsOf(host, made.maps.mask, depth)).toEqual(labels);
    const two = [...structures, { value: 2, name: 'two', colour: '#445566', locked: true }];
    await host.ask('segmentations:structures', { segmentation, structures: two });
    expect(await host.ask('segmentations:list', { study })).toMatchObject([{ edited: true, structures: two }]);
  });

  it('keeps changes since the last save, and forgets them once they are saved', async () => {
    const host = await testHost();
    const { volume, voxels } = await opened(host);
    const { segmentation } = await host.ask('segmentations:create', { volume, name: 'drawn', structures });
    await host.ask('edits:append', { segmentation, bytes: bytesOf(1, 2) });
    await host.ask('edits:append', { segmentation, bytes: bytesOf(3) });
    const { entries, bytes } = await host.ask('edits:load', { segmentation });
    expect([entries, ...new Uint8Array(bytes)]).toEqual([2, 2, 0, 0, 0, 1, 2, 1, 0, 0, 0, 3]);
    await host.ask('segmentations:save', { segmentation, dataType: 'uint8', bytes: new ArrayBuffer(voxels) });
    expect((await host.ask('edits:load', { segmentation })).entries).toBe(0);
  });

  it('is as it was after a kill in the middle of a save, with the changes since', async () => {
    const host = await testHost();
    const { volume, study, voxels, depth } = await opened(host);
    const { segmentation, maps } = await host.ask('segmentations:create', { volume, name: 'drawn', structures });
    await host.ask('edits:append', { segmentation, bytes: bytesOf(7) });
    // What a save leaves that was killed before its generation counted.
    const folder = join(host.workspace, 'studies', study, 'segmentations', segmentation);
    writeFileSync(join(folder, 'mask-1.nii.gz'), 'half');
    writeFileSync(join(folder, 'edits-1.log'), 'half');
    expect(new Set(await labelsOf(host, maps.mask, depth))).toEqual(new Set([0]));
    expect((await host.ask('edits:load', { segmentation })).entries).toBe(1);
    const labels = new Uint8Array(voxels).fill(1);
    await host.ask('segmentations:save', { segmentation, dataType: 'uint8', bytes: labels.slice().buffer });
    expect(await labelsOf(host, maps.mask, depth)).toEqual(labels);
    expect(readdirSync(folder).toSorted()).toEqual(['mask-1.nii.gz', 'segmentation.json']);
  });

  it('refuses labels of another shape and keeps what it had', async () => {
    const host = await testHost();
    const { volume } = await opened(host);
    const { segmentation } = await host.ask('segmentations:create', { volume, name: 'drawn', structures });
    const wrong = { segmentation, dataType: 'uint8' as const, bytes: new ArrayBuffer(3) };
    expect(await host.client.call('segmentations:save', wrong)).toMatchObject({
      ok: false,
      problem: { kind: 'usage' },
    });
    expect(await host.client.call('edits:load', { segmentation })).toMatchObject({ ok: true });
  });

  it('is compared with another, structure by structure', async () => {
    const host = await testHost();
    const { volume, voxels } = await opened(host);
    const ids = [];
    for (const [from, to] of [
      [0, 8],
      [4, 12],
    ] as const) {
      const two = [...structures, { value: 2, name: 'nowhere', colour: '#112233', locked: false }];
      const { segmentation } = await host.ask('segmentations:create', { volume, name: 'drawn', structures: two });
      const bytes = new Uint8Array(voxels).fill(1, from, to).slice().buffer;
      await host.ask('segmentations:save', { segmentation, dataType: 'uint8', bytes });
      ids.push(segmentation);
    }
    expect(await host.ask('segmentations:compare', { a: ids[0]!, b: ids[1]! })).toEqual({
      structures: [
        { value: 1, name: 'one', dice: 0.5, voxelsA: 8, voxelsB: 8 },
        { value: 2, name: 'nowhere', dice: null, voxelsA: 0, voxelsB: 0 },
      ],
    });
  });

  it('is gone with its files once it is removed', async () => {
    const host = await testHost();
    const { volume, study } = await opened(host);
    const { segmentation } = await host.ask('segmentations:create', { volume, name: 'drawn', structures });
    await host.ask('segmentations:remove', { segmentation });
    expect(existsSync(join(host.workspace, 'studies', study, 'segmentations', segmentation))).toBe(false);
    expect(await host.ask('segmentations:list', { study })).toEqual([]);
  });
});

describe('a segmentation that a model makes', () => {
  it('is refused before it waits where it cannot run', async () => {
    const host = await testHost();
    const { volume, study } = await opened(host);
    await writeTinyModel(join(host.models, 'tiny'), { kinds: ['diffusion'] });
    const ask = { study, channels: [volume], model: 'tiny', method: 'direct' as const };
    expect(await host.client.call('segmentations:run', ask)).toMatchObject({ ok: false, problem: { kind: 'model' } });
    expect(await host.ask('jobs:list', {})).toEqual([]);
  });

  it('has labels of two bytes where the model\u2019s values need them, in its preview too', async () => {
    const host = await testHost();
    const { volume, study } = await opened(host);
    await writeTinyModel(join(host.models, 'tiny'));
    const preview = new Promise((resolve) => {
      host.client.on('segmentation:preview', ({ job }) => {
        resolve(host.ask('segmentations:preview', { job, map: 'mask' }));
      });
    });
    const settings = { model: 'tiny', method: 'diffusion' as const, samples: 2, steps: 1 };
    const { job } = await host.ask('segmentations:run', { study, channels: [volume], ...settings });
    expect(await preview).toMatchObject({ samples: 1, dataType: 'uint16' });
    await jobIn(host, job);
    const [made] = await host.ask('segmentations:list', { study });
    expect(await host.ask('volumes:open', { volume: made!.maps.mask })).toMatchObject({ dataType: 'uint16' });
    expect(await host.ask('volumes:open', { volume: made!.maps.samples! })).toMatchObject({ channels: 2 });
  });

  it('starts from corrected labels or another model where asked, and refuses a method that cannot', async () => {
    const host = await testHost();
    const { volume, study } = await opened(host);
    await writeTinyModel(join(host.models, 'tiny'));
    const run = { study, channels: [volume], model: 'tiny', samples: 1, steps: 2 };
    const { segmentation } = await host.ask('segmentations:create', { volume, name: 'drawn', structures });
    for (const [prior, state] of [
      [{ segmentation }, 'done'],
      [{ model: 'tiny' }, 'done'],
      [{ segmentation: '0123456789abcdef' }, 'failed'],
    ] as const) {
      const { job } = await host.ask('segmentations:run', { ...run, prior });
      expect(await jobIn(host, job)).toMatchObject({ state });
    }
    const made = (await host.ask('segmentations:list', { study })).flatMap((one) => one.made?.method ?? []);
    expect(made).toEqual(['pd-ddpm', 'pd-ddpm']);
    const idle = { ...run, method: 'diffusion' as const, prior: { segmentation } };
    expect(await host.client.call('segmentations:run', idle)).toMatchObject({ ok: false, problem: { kind: 'usage' } });
  });

  it('sees the image turned and moved where asked: the direct method then gives several answers', async () => {
    const host = await testHost();
    const { volume, study } = await opened(host);
    await writeTinyModel(join(host.models, 'tiny'));
    const run = { study, channels: [volume], model: 'tiny', method: 'direct' as const, augment: true, samples: 2 };
    await jobIn(host, (await host.ask('segmentations:run', run)).job, 'done');
    expect((await host.ask('segmentations:list', { study }))[0]!.made).toMatchObject({ method: 'direct', samples: 2 });
  });

  it('leaves nothing when it is cancelled, and is made when it is tried again', async () => {
    const host = await testHost();
    const { volume, study } = await opened(host);
    await writeTinyModel(join(host.models, 'tiny'));
    const settings = { model: 'tiny', method: 'diffusion' as const, samples: 3, steps: 1 };
    const { job } = await host.ask('segmentations:run', { study, channels: [volume], ...settings });
    await jobIn(host, job, 'running');
    expect(await host.ask('jobs:cancel', { job })).toMatchObject({ state: 'cancelled' });
    expect(readdirSync(join(host.workspace, 'studies', study, 'segmentations'))).toEqual([]);
    await host.ask('jobs:retry', { job });
    expect(await jobIn(host, job, 'done')).toMatchObject({ outcome: { kind: 'segmentation' } });
    expect(await host.ask('segmentations:list', { study })).toHaveLength(1);
  });
});
