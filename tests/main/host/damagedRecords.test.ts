import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hippocampus } from '../datasets/folders.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { testHost, type TestHost } from './testHost.ts';

const scan = join(hippocampus, 'imagesTr', 'hippocampus_025.nii.gz');
const structures = [{ value: 1, name: 'one', colour: '#112233', locked: false }];
const id = 'f'.repeat(16);

/** Writes something broken as a record, and gives the path. */
function damage(path: string, text = '{"half'): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

/** Expects the record beside its old name as it was, and the notice that names it. */
async function expectPutAside({ ask }: TestHost, path: string, name: string, text = '{"half'): Promise<void> {
  const [notice, ...others] = await ask('application:notices', {});
  expect(notice).toMatchObject({ what: `the ${name} was damaged and put aside` });
  expect(notice!.where).toMatch(new RegExp(`^${path}\\.damaged-20[\\dT-]+Z$`));
  expect(readFileSync(notice!.where, 'utf8')).toBe(text);
  expect(others).toEqual([]);
}

describe('a damaged record is put aside and told, and', () => {
  it('the jobs begin anew', async () => {
    const folder = temporaryFolder();
    const path = damage(join(folder, 'workspace', 'jobs.json'), '[{"job": 1}]');
    const host = await testHost(folder);
    expect(await host.ask('jobs:list', {})).toEqual([]);
    await expectPutAside(host, path, 'list of jobs', '[{"job": 1}]');
    expect(existsSync(path)).toBe(false);
  });

  it('the settings are as they come, and can be changed', async () => {
    const host = await testHost();
    const path = damage(join(host.workspace, 'settings.json'));
    // Readers at the same time find the same damage, and none puts aside what another has written since.
    const [first, second] = await Promise.all([
      host.ask('settings:change', { theme: 'light' }),
      host.ask('settings:read', {}),
    ]);
    expect([first.theme, second.layout]).toEqual(['light', 'four']);
    expect(await host.ask('settings:read', {})).toMatchObject({ theme: 'light' });
    await expectPutAside(host, path, 'file of the settings');
  });

  it('the other studies are listed, and the study is itself again once its scan is opened', async () => {
    const host = await testHost();
    const [study] = (await host.ask('studies:open', { paths: [scan] })).studies;
    const [other] = (await host.ask('studies:openSample', {})).studies;
    const { volume } = study!.volumes[0]!;
    await host.ask('segmentations:create', { volume, name: 'drawn', structures });
    const heard: unknown[] = [];
    host.client.on('host:notice', (notice) => heard.push(notice));
    const path = damage(join(host.workspace, 'studies', study!.study, 'study.json'));
    expect(await host.ask('studies:list', {})).toMatchObject([{ study: other!.study }]);
    await expectPutAside(host, path, 'record of a study');
    expect(heard).toEqual(await host.ask('application:notices', {}));
    await host.ask('studies:open', { paths: [scan] });
    expect(await host.ask('segmentations:list', { study: study!.study })).toMatchObject([{ name: 'drawn' }]);
  });

  it('the other segmentations are listed, and its labels stay', async () => {
    const host = await testHost();
    const [study] = (await host.ask('studies:open', { paths: [scan] })).studies;
    const ask = { volume: study!.volumes[0]!.volume, structures };
    const { segmentation } = await host.ask('segmentations:create', { ...ask, name: 'first' });
    await host.ask('segmentations:create', { ...ask, name: 'second' });
    const folder = join(host.workspace, 'studies', study!.study, 'segmentations', segmentation);
    const path = damage(join(folder, 'segmentation.json'));
    expect(await host.ask('segmentations:list', { study: study!.study })).toMatchObject([{ name: 'second' }]);
    await expectPutAside(host, path, 'record of a segmentation');
    expect(readdirSync(folder)).toContain('mask-0.nii.gz');
  });

  it('the list of data sets begins anew', async () => {
    const host = await testHost();
    const path = damage(join(host.workspace, 'datasets.json'), '{}');
    expect(await host.ask('datasets:list', {})).toEqual([]);
    await expectPutAside(host, path, 'list of data sets', '{}');
    const { dataset } = await host.ask('datasets:open', { folder: hippocampus });
    expect(await host.ask('datasets:list', {})).toMatchObject([{ dataset }]);
  });

  it('the other trainings are listed', async () => {
    const host = await testHost();
    const path = damage(join(host.workspace, 'runs', id, 'start.json'));
    expect(await host.ask('training:list', {})).toEqual([]);
    await expectPutAside(host, path, 'record of a training');
  });
});

it('tells of a record that cannot be read, and leaves it where it is', async () => {
  const host = await testHost();
  // A folder is no file, whoever looks.
  const path = join(host.workspace, 'runs', id, 'start.json');
  mkdirSync(path, { recursive: true });
  expect(await host.ask('training:list', {})).toEqual([]);
  expect(await host.ask('application:notices', {})).toMatchObject([{ where: path }]);
  expect(existsSync(path)).toBe(true);
});
