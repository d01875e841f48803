import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decode } from 'fast-png';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { hippocampus, writePicture } from '../datasets/folders.ts';
import { testHost } from './testHost.ts';

const scan = join(hippocampus, 'imagesTr', 'hippocampus_025.nii.gz');
const series = join(import.meta.dirname, '../../data/dicom-series/ct-ge-23x38');

describe('the library', () => {
  it('knows a study again wherever it lies, and keeps its name', async () => {
    const { ask } = await testHost();
    const copy = join(temporaryFolder(), 'other name.nii.gz');
    copyFileSync(scan, copy);
    const [first] = (await ask('studies:open', { paths: [scan] })).studies;
    await ask('studies:rename', { study: first!.study, name: 'my case' });
    const [again] = (await ask('studies:open', { paths: [copy] })).studies;
    expect(again).toMatchObject({ study: first!.study, name: 'my case', path: copy, addedAt: first!.addedAt });
    expect(await ask('studies:list', {})).toHaveLength(1);
  });

  it('takes a DICOM folder for one study, and finds it by words of its description', async () => {
    const { ask } = await testHost();
    const folder = join(temporaryFolder(), 'export');
    cpSync(series, folder, { recursive: true });
    const { studies } = await ask('studies:open', { paths: [folder, scan] });
    expect(studies).toMatchObject([
      { volumes: [{ format: 'dicom', modality: 'CT' }] },
      { volumes: [{ format: 'nifti' }] },
    ]);
    expect(await ask('studies:list', { search: 'ct' })).toMatchObject([{ study: studies[0]!.study }]);
    expect(await ask('studies:list', { search: 'ct nothing' })).toEqual([]);
    rmSync(folder, { recursive: true });
    const kept = (await ask('studies:list', { search: 'ct' }))[0]!;
    expect(kept.isThere).toBe(false);
  });

  it('takes each image of another folder for a study, and names those that are broken', async () => {
    const { ask } = await testHost();
    const folder = temporaryFolder();
    copyFileSync(scan, join(folder, 'good.nii.gz'));
    writeFileSync(join(folder, 'broken.nii.gz'), 'nothing');
    writeFileSync(join(folder, 'notes.txt'), 'nothing');
    writePicture(join(folder, 'picture.png'), [255, 0, 0]);
    const { studies, refused } = await ask('studies:open', { paths: [folder] });
    expect(studies.map(({ name }) => name)).toEqual(['good.nii.gz', 'picture.png']);
    expect(refused).toMatchObject([{ path: join(folder, 'broken.nii.gz') }]);
  });

  it('says what is wrong with the one path that was given', async () => {
    const { client } = await testHost();
    expect(await client.call('studies:open', { paths: ['/nowhere'] })).toMatchObject({
      ok: false,
      problem: { kind: 'data', where: '/nowhere' },
    });
  });

  it('never touches a scan, and forgets what is removed', async () => {
    const { ask, client } = await testHost();
    const before = [readFileSync(scan).toString('hex'), statSync(scan).mtimeMs];
    const [opened] = (await ask('studies:open', { paths: [scan] })).studies;
    await ask('studies:thumbnail', { study: opened!.study });
    await ask('studies:remove', { study: opened!.study });
    expect(await ask('studies:list', {})).toEqual([]);
    expect((await client.call('volumes:open', { volume: opened!.volumes[0]!.volume })).ok).toBe(false);
    expect([readFileSync(scan).toString('hex'), statSync(scan).mtimeMs]).toEqual(before);
  });

  it('shows a small picture of a study, with the longer side as long as it may be', async () => {
    const { ask } = await testHost();
    const [opened] = (await ask('studies:open', { paths: [scan] })).studies;
    const { bytes } = await ask('studies:thumbnail', { study: opened!.study });
    const { width, height, data } = decode(new Uint8Array(bytes));
    expect(Math.max(width, height)).toBe(160);
    expect(new Set(data).size).toBeGreaterThan(50);
  });

  it('tells what a header says', async () => {
    const { ask } = await testHost();
    const [opened] = (await ask('studies:open', { paths: [scan] })).studies;
    const rows = await ask('studies:metadata', { volume: opened!.volumes[0]!.volume });
    expect(rows).toContainEqual({ tag: '', name: 'Format', type: '', value: 'nifti', depth: 0 });
    const [ct] = (await ask('studies:open', { paths: [series] })).studies;
    const elements = await ask('studies:metadata', { volume: ct!.volumes[0]!.volume });
    expect(elements).toContainEqual(expect.objectContaining({ tag: '(0008,0060)', name: 'Modality', value: 'CT' }));
  });
});

describe('files that a browser sends', () => {
  it('are opened as if they lay on this computer', async () => {
    const { ask } = await testHost();
    const { upload } = await ask('uploads:begin', {});
    const file = readFileSync(scan);
    for (const [offset, end] of [
      [0, 1000],
      [1000, file.length],
    ] as const)
      await ask('uploads:add', {
        upload,
        name: 'a/b.nii.gz',
        offset,
        bytes: new Uint8Array(file.subarray(offset, end)).buffer,
      });
    const { path } = await ask('uploads:finish', { upload });
    expect((await ask('studies:open', { paths: [path] })).studies).toMatchObject([{ name: 'b.nii.gz' }]);
  });

  it('get no name that leads elsewhere', async () => {
    const { ask, client, workspace } = await testHost();
    const { upload } = await ask('uploads:begin', {});
    mkdirSync(join(workspace, 'uploads', 'x'), { recursive: true });
    for (const name of ['../x/y', '/etc/passwd', 'a/../../x/y', '.', 'a\0b', '..']) {
      const reply = await client.call('uploads:add', { upload, name, offset: 0, bytes: new ArrayBuffer(1) });
      expect(reply, name).toMatchObject({ ok: false, problem: { kind: 'usage', what: 'this name leads elsewhere' } });
    }
    expect(await client.call('uploads:finish', { upload })).toMatchObject({
      ok: false,
      problem: { what: 'nothing was sent' },
    });
  });
});

describe('folders of this computer', () => {
  it('are listed folders first, without what is hidden', async () => {
    const { ask } = await testHost();
    const folder = temporaryFolder();
    for (const name of ['z', '.hidden']) mkdirSync(join(folder, name));
    writeFileSync(join(folder, 'a.txt'), '12');
    expect(await ask('files:browse', { folder })).toMatchObject({
      folder,
      entries: [
        { name: 'z', kind: 'folder', bytes: null },
        { name: 'a.txt', kind: 'file', bytes: 2 },
      ],
    });
    expect(await ask('files:choose', { what: 'images', title: 'Open' })).toEqual({ native: false, paths: [] });
  });
});
